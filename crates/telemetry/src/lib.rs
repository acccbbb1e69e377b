//! What is seen from outside: [`catalogue`] says which metrics there are,
//! [`recorder`] keeps and renders them, [`trace`] continues a trace from one
//! process to the next, [`otlp`] sends it to a collector, and [`emf`] tells
//! `CloudWatch` the few figures that alarms need.
//!
//! Where nobody has installed a recorder or a collector, recording costs next
//! to nothing and goes nowhere.

pub mod catalogue;
pub mod emf;
pub mod metric;
pub mod otlp;
pub mod process;
pub mod recorder;
pub mod reference;
pub mod trace;

pub use recorder::Recorder;
