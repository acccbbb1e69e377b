//! What the kernel tells of this process. Where there is no `/proc`, nothing.

use procfs::process::Process;

use crate::catalogue::{PROCESS_CPU, PROCESS_FILES, PROCESS_MEMORY, PROCESS_START};

/// Notes memory, processor time and open files as they are now.
pub(crate) fn note() {
    let Ok(process) = Process::myself() else { return };
    if let Ok(open) = process.fd_count() {
        PROCESS_FILES.set(open as f64, []);
    }
    let Ok(stat) = process.stat() else { return };
    let ticks = procfs::ticks_per_second();
    PROCESS_MEMORY.set(stat.rss as f64 * procfs::page_size() as f64, []);
    PROCESS_CPU.reach((stat.utime + stat.stime) / ticks, []);
    if let Ok(booted) = procfs::boot_time_secs() {
        PROCESS_START.set(booted as f64 + stat.starttime as f64 / ticks as f64, []);
    }
}
