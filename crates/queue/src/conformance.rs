//! What every queue must do, run by each implementation's tests.
