//! One account: its URL, its password, and a session with it.

mod compress;
mod compressing;
mod open;
mod password;
mod pipes;
mod url;

pub use compress::{Compress, Decision, Offer};
pub(crate) use compressing::offer;
pub use open::{Account, same_account};
pub use password::{PasswordError, PasswordSource};
pub use pipes::Pipes;
pub use url::{AccountUrl, UrlError};
