//! Everything that can happen to one small account, one after the other and in virtual time, in all modes.
//! After each case a clean run follows at once, then one that must find nothing to do.
//!
//! Some of the cases in CI, evenly spread; each of them in the long campaign, where the tests run beside
//! each other and each takes some minutes.

mod cases;
mod cuts;
mod kills;
mod replies;
