//! What every main wires: clock, ids, keyed tokens, passwords, telemetry.
