//! Mail in, mail out: reading messages, separating new text from old, recognising automatic mail, composing.
