//! What an inquiry is, what it lacks and where it goes: a pure, explained function of text and policy.
