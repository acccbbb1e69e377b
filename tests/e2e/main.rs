//! The product as its users meet it: the real binary, real ffmpeg, real
//! databases, and processes that are killed in the middle of their work.

mod clips;
mod processes;
mod site;

mod deaths;
mod drain;
mod main_job;
