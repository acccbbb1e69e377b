//! Both stores do what every store must do, and what only one of them can.

mod link;
mod local;
mod s3;
mod s3_protocol;
