//! Real files in a folder of their own: whatever is done to them, the last state is read, once it is whole.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokio::task::JoinSet;

use super::*;

const HEAD: &str =
    "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n";

/// How long a test waits for what should come, and how long for what should not.
const PATIENCE: Duration = Duration::from_secs(20);
const QUIET: Duration = Duration::from_millis(60);

/// A folder, a watched path in it, and what is read there.
struct Scene {
    folder: TempDir,
    asked: Arc<Notify>,
    readings: mpsc::Receiver<Reading>,
    _task: JoinSet<()>,
}

impl Scene {
    fn watching(path: &str, prepare: impl FnOnce(&Path)) -> Self {
        Self::with(path, Duration::from_hours(1), prepare)
    }

    fn with(path: &str, reread: Duration, prepare: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        prepare(folder.path());
        let settings = Settings { reread, poll: reread, ..settings(folder.path().join(path)) };
        let (asked, (send, readings)) = (Arc::new(Notify::new()), mpsc::channel(1));
        let mut task = JoinSet::new();
        task.spawn(watch(settings, Arc::clone(&asked), send));
        Self { folder, asked, readings, _task: task }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, role: &str) {
        fs::write(self.path(file), roster(role)).expect("written");
    }

    /// Ada's role in what is read next; or that it is invalid.
    async fn next(&mut self) -> String {
        let reading = tokio::time::timeout(PATIENCE, self.readings.recv()).await;
        told(&reading.expect("in time").expect("read"))
    }

    /// Reads until Ada has this role, and fails where anything but roles from `on_the_way` is read before.
    async fn until(&mut self, role: &str, on_the_way: &[&str]) {
        loop {
            let read = self.next().await;
            if read == role {
                return;
            }
            assert!(on_the_way.contains(&read.as_str()), "{read}");
        }
    }
}

fn settings(path: PathBuf) -> Settings {
    Settings {
        path,
        working_folder: PathBuf::new(),
        stillness: Stillness { quiet: QUIET, longest: Duration::from_secs(1) },
        reread: Duration::from_hours(1),
        poll: Duration::from_hours(1),
    }
}

fn roster(role: &str) -> String {
    format!("{HEAD}      ada@acme.example: {role}\n")
}

fn told(reading: &Reading) -> String {
    match reading {
        Err(_) => "invalid".to_owned(),
        Ok(loaded) => {
            let accounts = loaded.desired.accounts.values();
            accounts.flat_map(|account| account.users.values()).map(|user| user.role.to_string()).collect()
        }
    }
}

fn put(folder: &Path, file: &str, role: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, roster(role)).expect("written");
}

#[tokio::test]
async fn every_way_to_save_a_file_is_seen() {
    let mut scene = Scene::watching("roster.yaml", |folder| put(folder, "roster.yaml", "analyst"));
    assert_eq!(scene.next().await, "analyst");
    scene.write("roster.yaml", "manager");
    assert_eq!(scene.next().await, "manager");
    // As vim and most others do: write beside it, rename over it.
    scene.write(".roster.yaml.swp", "support");
    fs::rename(scene.path(".roster.yaml.swp"), scene.path("roster.yaml")).expect("renamed");
    assert_eq!(scene.next().await, "support");
    // As emacs does: the old file becomes the backup.
    fs::rename(scene.path("roster.yaml"), scene.path("roster.yaml~")).expect("renamed");
    scene.write("roster.yaml", "admin");
    scene.until("admin", &["invalid"]).await;
    fs::remove_file(scene.path("roster.yaml")).expect("removed");
    assert_eq!(scene.next().await, "invalid");
    scene.write("roster.yaml", "analyst");
    scene.until("analyst", &[]).await;
}

#[tokio::test]
async fn a_config_map_is_followed_through_every_swap() {
    let mut scene = Scene::watching("roster.yaml", |folder| {
        put(folder, "..2026_1/roster.yaml", "analyst");
        symlink("..2026_1", folder.join("..data")).expect("linked");
        symlink("..data/roster.yaml", folder.join("roster.yaml")).expect("linked");
    });
    assert_eq!(scene.next().await, "analyst");
    for (number, role) in [(2, "manager"), (3, "support"), (4, "admin")] {
        put(scene.folder.path(), &format!("..2026_{number}/roster.yaml"), role);
        symlink(format!("..2026_{number}"), scene.path("..data_tmp")).expect("linked");
        fs::rename(scene.path("..data_tmp"), scene.path("..data")).expect("renamed");
        fs::remove_dir_all(scene.path(&format!("..2026_{}", number - 1))).expect("removed");
        assert_eq!(scene.next().await, role);
    }
}

#[tokio::test]
async fn the_target_of_a_link_is_watched_where_it_is() {
    let mut scene = Scene::watching("here/roster.yaml", |folder| {
        put(folder, "there/real.yaml", "analyst");
        fs::create_dir(folder.join("here")).expect("made");
        symlink("../there/real.yaml", folder.join("here/roster.yaml")).expect("linked");
    });
    assert_eq!(scene.next().await, "analyst");
    scene.write("there/real.yaml", "manager");
    assert_eq!(scene.next().await, "manager");
}

#[tokio::test]
async fn a_folder_that_vanishes_and_comes_back_is_watched_again() {
    let mut scene = Scene::watching("a/b/roster.yaml", |folder| put(folder, "a/b/roster.yaml", "analyst"));
    assert_eq!(scene.next().await, "analyst");
    fs::remove_dir_all(scene.path("a")).expect("removed");
    assert_eq!(scene.next().await, "invalid");
    put(scene.folder.path(), "a/b/roster.yaml", "manager");
    scene.until("manager", &["invalid"]).await;
    scene.write("a/b/roster.yaml", "support");
    assert_eq!(scene.next().await, "support");
    // Another folder takes its place.
    put(scene.folder.path(), "c/roster.yaml", "admin");
    fs::rename(scene.path("a/b"), scene.path("old")).expect("renamed");
    fs::rename(scene.path("c"), scene.path("a/b")).expect("renamed");
    scene.until("admin", &["invalid"]).await;
    scene.write("a/b/roster.yaml", "analyst");
    assert_eq!(scene.next().await, "analyst");
}

#[tokio::test]
async fn a_folder_of_files_is_read_as_one() {
    let mut scene = Scene::watching("rosters", |folder| put(folder, "rosters/one.yaml", "analyst"));
    assert_eq!(scene.next().await, "analyst");
    let other = roster("manager").replace("acme:", "beta:");
    fs::write(scene.path("rosters/two.yaml"), other).expect("written");
    scene.until("analystmanager", &["analyst"]).await;
    fs::remove_file(scene.path("rosters/one.yaml")).expect("removed");
    scene.until("manager", &["analystmanager"]).await;
}

#[tokio::test]
async fn what_is_included_is_watched_where_it_stands_and_where_it_may_appear() {
    let mut scene = Scene::watching("roster.yaml", |folder| {
        fs::write(folder.join("roster.yaml"), "include: [clients/*/roster.yaml]\n").expect("written");
        put(folder, "clients/acme/roster.yaml", "analyst");
    });
    assert_eq!(scene.next().await, "analyst");
    scene.write("clients/acme/roster.yaml", "manager");
    scene.until("manager", &["analyst"]).await;
    // A folder first, and its file only when that has been seen.
    fs::create_dir(scene.path("clients/beta")).expect("made");
    scene.until("manager", &["manager"]).await;
    fs::write(scene.path("clients/beta/roster.yaml"), roster("support").replace("acme:", "beta:")).expect("written");
    scene.until("managersupport", &["manager"]).await;
}

/// Written in two goes, the first of which is a whole roster with fewer people: what is read is never the half.
#[tokio::test]
async fn a_half_written_file_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "roster.yaml", "analyst");
    let mut watch = Watch::new(settings(folder.path().join("roster.yaml")), Folders::new(mpsc::channel(1).0));
    let half = watch.look().await;
    let whole = format!("{}      grace@acme.example: manager\n", roster("analyst"));
    fs::write(folder.path().join("roster.yaml"), whole).expect("written");
    assert!(watch.read(half).await.is_none());
    let whole = watch.look().await;
    assert_eq!(watch.read(whole).await.as_ref().map(told), Some("analystmanager".to_owned()));
}

#[tokio::test]
async fn thousands_of_signs_lead_to_one_reading() {
    let mut scene = Scene::watching("roster.yaml", |folder| put(folder, "roster.yaml", "analyst"));
    assert_eq!(scene.next().await, "analyst");
    for number in 0..5000 {
        fs::write(scene.path("noise"), number.to_string()).expect("written");
    }
    scene.write("roster.yaml", "manager");
    let mut read = 0;
    while scene.next().await != "manager" {
        read += 1;
    }
    assert!(read <= 2, "read {read} times before");
}

#[tokio::test]
async fn reading_and_what_changes_nothing_are_no_news() {
    let mut scene = Scene::watching("roster.yaml", |folder| put(folder, "roster.yaml", "analyst"));
    assert_eq!(scene.next().await, "analyst");
    std::io::copy(&mut fs::File::open(scene.path("roster.yaml")).expect("open"), &mut std::io::sink()).expect("read");
    scene.write("roster.yaml", "analyst");
    scene.asked.notify_one();
    scene.write("roster.yaml", "manager");
    assert_eq!(scene.next().await, "manager");
    scene.asked.notify_one();
    scene.write("noise", "analyst");
    scene.write("roster.yaml", "support");
    scene.until("support", &["manager"]).await;
}

/// A file system that gives no signs: here the file is reached through a link that nobody knew of when it was missing.
#[tokio::test]
async fn what_gives_no_sign_is_found_all_the_same() {
    let mut scene = Scene::with("rosters", QUIET * 2, |folder| {
        put(folder, "rosters/one.yaml", "analyst");
        fs::create_dir(folder.join("rosters/.elsewhere")).expect("made");
        symlink(".elsewhere/two.yaml", folder.join("rosters/two.yaml")).expect("linked");
    });
    assert_eq!(scene.next().await, "invalid");
    let other = roster("manager").replace("acme:", "beta:");
    fs::write(scene.path("rosters/.elsewhere/two.yaml"), other).expect("written");
    scene.until("analystmanager", &["invalid"]).await;
}
