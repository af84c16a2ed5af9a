//! Doors for the fuzz targets to decoders that nobody else calls by themselves.

pub use crate::blob::{pack, unpack};
