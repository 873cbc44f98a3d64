//! The program from outside: the built `lotse`, started on free ports of this machine, spoken to by HTTP and
//! SMTP like the world speaks to it, killed and started again.

mod bad_input;
mod command_line;
mod desk;
mod importing;
mod journey;
mod relay;
mod smtp;
mod starting;
