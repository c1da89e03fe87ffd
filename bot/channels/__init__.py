"""One file per channel: each turns its platform's messages into `Incoming` and shows an `Outgoing`, no more."""
