//! What surrounds a worker: the machine, and on ECS the task.

use std::{env, io, path::Path, sync::Arc, thread::available_parallelism};

/// Tells how many bytes are free in the file system of a folder.
pub type FreeSpace = Arc<dyn Fn(&Path) -> io::Result<u64> + Send + Sync>;

/// The machine that a worker runs on.
#[derive(Clone)]
pub struct Host {
    /// Cores that the system lets this process use.
    pub cores: usize,
    pub free_space: FreeSpace,
    /// Where the agent of ECS takes requests about this task
    /// (`ECS_AGENT_URI`); `None` elsewhere.
    pub ecs_agent: Option<String>,
    /// Where ECS describes this task (`ECS_CONTAINER_METADATA_URI_V4`); `None`
    /// elsewhere.
    pub ecs_metadata: Option<String>,
}

impl Host {
    /// The machine that this process runs on.
    #[must_use]
    pub fn of_this_process() -> Self {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            // Heeds CPU affinity and the quota of a cgroup, rounded down.
            cores: available_parallelism().map_or(1, usize::from),
            free_space: Arc::new(free_bytes),
            ecs_agent: variable("ECS_AGENT_URI"),
            ecs_metadata: variable("ECS_CONTAINER_METADATA_URI_V4"),
        }
    }
}

/// What a process without privileges may still write.
fn free_bytes(folder: &Path) -> io::Result<u64> {
    let status = rustix::fs::statvfs(folder)?;
    Ok(status.f_bavail.saturating_mul(status.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_room_and_one_that_is_not_there_is_an_error() {
        assert!(free_bytes(&env::temp_dir()).unwrap() > 0);
        assert!(free_bytes(Path::new("/there/is/no/such/folder")).is_err());
    }
}
