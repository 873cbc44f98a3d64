//! The HTML that people see: form, status page and desk, in German and English.
