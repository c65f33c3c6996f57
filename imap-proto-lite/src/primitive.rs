//! The small rules that all others use: RFC 9051 section 9. Here they are gathered under one name; each
//! family stands in a file of its own.

mod blanks;
mod literals;
mod numbers;
mod quoted;
mod strings;
mod values;
mod words;

pub(crate) use blanks::{Next, blanks, lacks_value, next_in_list, no_sp, sp, sp_unless_end};
pub(crate) use literals::{literal, literal_header};
pub(crate) use numbers::{number, number64, nz_number, odd_number};
pub(crate) use quoted::quoted;
pub(crate) use strings::{astring, end_of_string, nstring, string};
pub(crate) use values::any_value;
pub(crate) use words::{atom, byte, nil, or_nil};

#[cfg(test)]
mod tests;
