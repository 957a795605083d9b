//! How much memory this process takes.

use crate::Failure;

/// Forgets what the most was until now. A kernel that cannot then says the most since the start: more, never less.
pub(crate) fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").ok();
}

/// The most that was resident, in MB of 1,000,000 bytes.
pub(crate) fn peak_mb() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1_024.0 / 1_000_000.0)
}
