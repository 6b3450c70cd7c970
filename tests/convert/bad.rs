//! Bad forms: what is told, and of which cell.
