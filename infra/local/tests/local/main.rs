//! The program from outside: the built `lotse`, started on free ports of this machine, spoken to by HTTP and
//! SMTP like the world speaks to it, killed and started again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod bad_input;
mod command_line;
mod desk;
mod importing;
mod journey;
mod relay;
mod smtp;
mod starting;
