//! Time at a fraction of its speed. At AWS, each of hundreds of environments has a processor; here all share one, and
//! leases and time-outs would end while most have not had their turn.

use std::{sync::mpsc, time::Duration};

/// How long a tick takes on the clock on the wall, and how far it takes the clock of the runtime.
const TICK: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(2));

/// Does `work` while time runs at a tenth of its speed.
pub async fn in_slow_motion<T>(work: impl Future<Output = T>) -> T {
    tokio::time::pause();
    // Time that is paused leaps to the next timer when no task can run, unless something is blocking.
    let (release, released) = mpsc::channel::<()>();
    let blocking = tokio::task::spawn_blocking(move || released.recv());
    let ticking = async {
        loop {
            tokio::task::spawn_blocking(|| std::thread::sleep(TICK.0)).await.unwrap();
            tokio::time::advance(TICK.1).await;
        }
    };
    let output = tokio::select! {
        output = work => output,
        () = ticking => unreachable!("time does not end"),
    };
    drop(release);
    let _ = blocking.await;
    tokio::time::resume();
    output
}
