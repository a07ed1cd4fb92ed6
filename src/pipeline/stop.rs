//! Signals. Where nothing has to be tidied up, one ends the program at once; where an output file is being written, it is
//! asked to stop first; and SIGTERM lets a filter finish the records it has read.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What signals have asked for.
#[derive(Debug)]
pub struct Stop {
    /// The next SIGINT or SIGHUP ends the program at once.
    at_once: Arc<AtomicBool>,
    /// The next SIGTERM does.
    term_at_once: Arc<AtomicBool>,
    /// The signal that asked to stop; 0: none.
    signal: Arc<AtomicUsize>,
    /// Becomes readable with a signal, so that a blocked read wakes up.
    woken: UnixStream,
    held: AtomicUsize,
}

/// As long as it lives, signals ask and don't end the program at once.
#[derive(Debug)]
pub struct Hold(Arc<Stop>);

impl Stop {
    /// Takes over SIGINT, SIGHUP and SIGTERM, once for the process: what one part of it holds, none ends.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn install() -> io::Result<Arc<Stop>> {
        static INSTALLED: Mutex<Option<Arc<Stop>>> = Mutex::new(None);
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stop) = &*installed {
            return Ok(stop.clone());
        }
        let stop = Stop::take_over()?;
        *installed = Some(stop.clone());
        Ok(stop)
    }

    fn take_over() -> io::Result<Arc<Stop>> {
        let (woken, wake) = UnixStream::pair()?;
        let stop = Stop {
            at_once: Arc::new(AtomicBool::new(true)),
            term_at_once: Arc::new(AtomicBool::new(true)),
            signal: Arc::new(AtomicUsize::new(0)),
            woken,
            held: AtomicUsize::new(0),
        };
        for signal in [SIGINT, SIGHUP, SIGTERM] {
            let now = if signal == SIGTERM { &stop.term_at_once } else { &stop.at_once };
            // In this order: a second one finds the switch set by the first.
            flag::register_conditional_shutdown(signal, 128 + signal, now.clone())?;
            flag::register(signal, now.clone())?;
            flag::register_usize(signal, stop.signal.clone(), signal as usize)?;
            low_level::pipe::register(signal, wake.try_clone()?)?;
        }
        Ok(Arc::new(stop))
    }

    /// Keeps signals from ending the program at once: an output file is begun.
    pub fn hold(self: &Arc<Stop>) -> Hold {
        self.held.fetch_add(1, Ordering::SeqCst);
        self.at_once.store(false, Ordering::SeqCst);
        self.term_at_once.store(false, Ordering::SeqCst);
        Hold(self.clone())
    }

    /// Lets SIGTERM drain instead of end: the input is a stream.
    pub fn drains(&self) {
        self.term_at_once.store(false, Ordering::SeqCst);
    }

    /// The signal that came.
    pub fn signal(&self) -> Option<i32> {
        match self.signal.load(Ordering::SeqCst) {
            0 => None,
            s => Some(s as i32),
        }
    }

    /// Whether the signal that came lets a stream drain.
    pub fn is_term(&self) -> bool {
        self.signal() == Some(SIGTERM)
    }

    /// Waits until `from` can be read; `false`: a signal came.
    ///
    /// # Errors
    ///
    /// The system can't wait on `from`.
    pub fn wait(&self, from: impl AsFd) -> io::Result<bool> {
        use rustix::event::{PollFd, PollFlags, poll};
        loop {
            let mut fds = [PollFd::new(&self.woken, PollFlags::IN), PollFd::new(&from, PollFlags::IN)];
            match poll(&mut fds, None) {
                Ok(_) if self.signal().is_some() => return Ok(false),
                Ok(_) if !fds[1].revents().is_empty() => return Ok(true),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.0.held.fetch_sub(1, Ordering::SeqCst) == 1 && self.0.signal().is_none() {
            self.0.at_once.store(true, Ordering::SeqCst);
            self.0.term_at_once.store(true, Ordering::SeqCst);
        }
    }
}
