//! The schema, step by step; forward only.
