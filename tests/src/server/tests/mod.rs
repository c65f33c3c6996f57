//! The server as a client sees it, over real sockets, by a client that only writes and reads octets.

mod appending;
mod client;
mod connecting;
mod faults;
mod habits;
mod large;
mod meanwhile;
mod notifying;
mod reading;
mod virtual_time;
