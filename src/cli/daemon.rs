//! `roster daemon`: keeps accounts as declared. Everything concrete is put together here: where the roster comes from, which
//! state there is, and how accounts are reached.

mod listener;
mod opener;
mod secrets;
mod service_manager;
mod signals;

use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::opener::Opener;
use self::service_manager::ServiceManager;
use self::signals::Signals;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::notify;
use crate::cli::origin;
use crate::cli::output::Output;
use crate::cli::policies::current::CurrentRules;
use crate::cli::state::Remembered;
use crate::cli::wrong_use::WrongUse;
use crate::daemon::git::{Following, Location, Repository};
use crate::daemon::roster::{Usual, Watching};
use crate::daemon::status::Status;
use crate::daemon::status::account::PassRecord;
use crate::daemon::watch::{Settings as Watch, Stillness};
use crate::daemon::{Daemon, Lines, Revision, Settings, Until};
use crate::news::Rhythm;
use crate::render::problems;
use crate::schedule::{Pace, Verdict};
use crate::web;

/// Accounts are looked at no more often than this.
const FLOOR: SignedDuration = SignedDuration::from_mins(1);

/// The longest that files may go on changing before they are looked at, in debounces.
const LONGEST: u32 = 5;

/// How often files are looked at where the system gives no signs.
const POLL: Duration = Duration::from_secs(10);

/// How many orders may wait to be taken.
const ORDERS: usize = 64;

/// How long a heartbeat may be missing before the service manager is left to think that something is wrong.
const LATE: SignedDuration = SignedDuration::from_secs(30);

pub(super) async fn run(arguments: args::daemon::Daemon, out: &mut Output) -> Result<Exit> {
    if arguments.interval < FLOOR {
        let message = "`--interval` is less than a minute".to_owned();
        let hint = "a change of the roster is seen at once; SIGHUP looks at everything".to_owned();
        return Err(WrongUse { message, hint: Some(hint) }.into());
    }
    let signals = Signals::listen()?;
    let manager = ServiceManager::of_environment();
    let source = Source::of(&arguments)?;
    let rules = match CurrentRules::load(&arguments.policies, source.path.clone())? {
        Ok(rules) => rules,
        Err(invalid) => {
            problems::write_told(&mut out.stderr, &invalid.problems())?;
            return Ok(Exit::Invalid);
        }
    };
    let remembered = Remembered::open(&arguments.state, &source.directory).await?;
    let opener = Arc::new(Opener::new(&source.directory).await);
    let ((ask, orders), stop) = (mpsc::channel(ORDERS), CancellationToken::new());
    let lines = Lines { orders, stop: stop.clone() };
    let settings = settings(&arguments, &source, rules)?;
    let told = settings.telling.tally.clone();
    let daemon = Daemon::begin(settings, lines, remembered.keeping(), Arc::clone(&opener) as _).await?;
    let status = daemon.status();
    let listener = listener::open(&arguments).await?;
    let mut helpers = Helpers { tasks: JoinSet::new(), stop: stop.clone() };
    let hangup = Arc::new(Notify::new());
    helpers.spawn("the signals", signals.obey(ask.clone(), Arc::clone(&hangup), stop.clone()));
    helpers.spawn("the service manager", inform(manager, status.clone(), stop.clone()));
    if let Some(listener::Open { listener, settings, source, known }) = listener {
        helpers.spawn("the daemon's own secrets", source.follow(known, hangup));
        let shown = web::Lines { status: status.clone(), orders: ask, journal: remembered.history(), told };
        helpers.spawn("the HTTP listener", listener::serve(listener, settings, shown));
    }
    let ran = tokio::select! {
        // Cancel-safe: where the other arm ends first, everything is to end.
        ran = daemon.run() => ran.map_err(anyhow::Error::from),
        ended = helpers.ended() => Err(ended),
    };
    stop.cancel();
    helpers.end().await;
    let closed = opener.close().await;
    remembered.close().await;
    ran.and(closed)?;
    Ok(if arguments.once { exit(&status.borrow()) } else { Exit::Done })
}

/// Where the roster comes from.
struct Source {
    path: PathBuf,
    /// The folder that state and embedded accounts stand in.
    directory: PathBuf,
    repository: Option<Following>,
}

impl Source {
    fn of(arguments: &args::daemon::Daemon) -> Result<Self> {
        let args::daemon::Repository { git, reference, inside, pull, copy } = &arguments.repository;
        let Some(url) = git else {
            let path = arguments.path.clone();
            let directory = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
            return Ok(Self {
                directory: directory.map(Path::to_path_buf).unwrap_or_default(),
                path,
                repository: None,
            });
        };
        let location = Location::new(url, reference, inside)
            .map_err(|error| WrongUse { message: error.to_string(), hint: Some(error.hint().to_owned()) })?;
        // Git works in folders of its own, where a relative path would lead elsewhere.
        let folder = std::path::absolute(copy).context("cannot tell the working directory")?;
        let repository = Arc::new(Repository::new(location, folder));
        let following = Following { repository: Arc::clone(&repository), every: *pull };
        Ok(Self { path: repository.roster(), directory: PathBuf::new(), repository: Some(following) })
    }

    /// Where it comes from, for people.
    fn shown(&self) -> String {
        match &self.repository {
            Some(Following { repository, .. }) => repository.shown(),
            None => self.path.display().to_string(),
        }
    }

    /// The commit that the files which are there now are from.
    fn revision(&self) -> Revision {
        match &self.repository {
            Some(Following { repository, .. }) => {
                let repository = Arc::clone(repository);
                Box::new(move |_| ready(repository.commit().map(|commit| commit.to_string())).boxed())
            }
            None => {
                let path = self.path.clone();
                Box::new(move |sources| {
                    let path = path.clone();
                    async move { origin::revision(&path, &sources).await }.boxed()
                })
            }
        }
    }
}

fn settings(arguments: &args::daemon::Daemon, source: &Source, rules: CurrentRules) -> Result<Settings> {
    let args::daemon::Daemon { interval, observe, once, actor, pace, telling, .. } = arguments;
    let args::daemon::Pace { parallel, concurrency, gap, debounce, reread } = *pace;
    let stillness = Stillness { quiet: debounce, longest: debounce * LONGEST };
    let usual = Usual {
        interval: *interval,
        watching: if *observe { Watching::Only } else { Watching::AndChanging },
        pace: Pace { gap, ..Pace::default() },
    };
    Ok(Settings {
        watch: Watch {
            path: source.path.clone(),
            working_folder: std::env::current_dir().context("cannot tell the working directory")?,
            stillness,
            reread,
            poll: reread.min(POLL),
        },
        repository: source.repository.clone(),
        source: source.shown(),
        revision: source.revision(),
        usual,
        side_by_side: parallel,
        judge: Arc::new(rules),
        concurrency,
        holder: origin::holder("daemon", &origin::actor(actor.as_deref())),
        telling: notify::settings(telling.public_url.as_ref()),
        rhythm: Rhythm { quiet: telling.quiet_for, reminder: telling.remind_after },
        until: if *once { Until::Seen } else { Until::Stopped },
        now,
    })
}

/// Tells the service manager that the daemon is ready once everything was tried, that it is alive as long as it is, and
/// that it ends.
async fn inform(manager: ServiceManager, mut status: watch::Receiver<Status>, stop: CancellationToken) {
    let ready = async {
        // The status goes only with the daemon, and then there is nothing to be ready for.
        let _ = status.wait_for(Status::is_begun).await;
        manager.ready();
    };
    tokio::select! {
        // Cancel-safe: being ready is no news any more once the daemon ends.
        () = ready => {}
        // Cancel-safe: it has no effect.
        () = stop.cancelled() => {}
    }
    let every = manager.watchdog().unwrap_or(LATE.unsigned_abs());
    while !stop.is_cancelled() {
        if now().duration_since(status.borrow().beat) < LATE {
            manager.alive();
        }
        tokio::select! {
            // Cancel-safe, both: a timer that is dropped has no effect, and a stop stays.
            () = tokio::time::sleep(every) => {}
            () = stop.cancelled() => {}
        }
    }
    manager.stopping();
}

/// How a single round ended.
fn exit(status: &Status) -> Exit {
    if status.roster.broken.is_some() {
        return Exit::Invalid;
    }
    let passes = || status.accounts.values().flat_map(|account| &account.passes);
    let failed = |pass: &PassRecord| pass.verdict.is_failure();
    if passes().any(failed) {
        return if passes().any(|pass| pass.done > 0) { Exit::Partly } else { Exit::Failed };
    }
    if passes().any(|pass| pass.verdict == Verdict::Held) { Exit::Held } else { Exit::Done }
}

/// What runs beside the daemon, each with a name.
struct Helpers {
    tasks: JoinSet<&'static str>,
    stop: CancellationToken,
}

impl Helpers {
    fn spawn(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work.map(move |()| name));
    }

    /// Waits for one that ends although nothing is to end, and says which.
    async fn ended(&mut self) -> anyhow::Error {
        loop {
            match self.tasks.join_next().await {
                None => return std::future::pending().await,
                Some(Ok(_)) if self.stop.is_cancelled() => {}
                Some(Ok(name)) => return anyhow::anyhow!("a part of the daemon ended by itself: {name}"),
                Some(Err(error)) => return anyhow::Error::new(error).context("a part of the daemon broke down"),
            }
        }
    }

    async fn end(mut self) {
        self.tasks.shutdown().await;
    }
}

#[expect(clippy::disallowed_methods, reason = "an edge: the daemon's clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
