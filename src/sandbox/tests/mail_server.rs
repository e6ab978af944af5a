//! An SMTP server (RFC 5321) as far as a client that sends mails needs one, with the moods of real ones.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How the server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// It takes every mail.
    Willing,
    /// It takes nothing for now, so many times, and then everything.
    Busy(usize),
    /// It refuses every recipient for good.
    Refusing,
    /// It takes the connection and says nothing.
    Silent,
}

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrived {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) text: String,
}

#[derive(Debug, Default)]
struct Desk {
    arrived: Mutex<Vec<Arrived>>,
    /// How many times a recipient was named.
    asked: Mutex<usize>,
    news: Notify,
}

/// A running server. It ends with the value.
pub(super) struct MailServer {
    pub(super) address: SocketAddr,
    desk: Arc<Desk>,
    _tasks: JoinSet<()>,
}

impl MailServer {
    pub(super) async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let desk = Arc::new(Desk::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(listener, mood, Arc::clone(&desk)));
        Self { address, desk, _tasks: tasks }
    }

    /// The mails that arrived, once there are so many.
    pub(super) async fn arrived(&self, count: usize) -> Vec<Arrived> {
        self.once(|desk| Some(desk.arrived.lock().expect("mails").clone()).filter(|mails| mails.len() >= count)).await
    }

    /// Waits until so many times a recipient was named.
    pub(super) async fn asked(&self, count: usize) {
        self.once(|desk| (*desk.asked.lock().expect("a count") >= count).then_some(())).await;
    }

    /// How many times a recipient was named so far.
    pub(super) fn times_asked(&self) -> usize {
        *self.desk.asked.lock().expect("a count")
    }

    async fn once<T>(&self, look: impl Fn(&Desk) -> Option<T>) -> T {
        loop {
            let news = self.desk.news.notified();
            if let Some(found) = look(&self.desk) {
                return found;
            }
            news.await;
        }
    }
}

async fn listen(listener: TcpListener, mood: Mood, desk: Arc<Desk>) {
    let mut talks = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        talks.spawn(talk(stream, mood, Arc::clone(&desk)));
    }
}

async fn talk(stream: TcpStream, mood: Mood, desk: Arc<Desk>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if mood == Mood::Silent {
        while let Ok(Some(_)) = lines.next_line().await {}
        return;
    }
    say(&mut write, "220 mail.example ready").await;
    let (mut from, mut to) = (String::new(), String::new());
    while let Ok(Some(line)) = lines.next_line().await {
        let (verb, rest) = line.split_at(line.len().min(4));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250 mail.example".to_owned(),
            "MAIL" => {
                from = within(rest);
                "250 fine".to_owned()
            }
            "RCPT" => {
                to = within(rest);
                recipient(mood, &desk, &to)
            }
            "DATA" => {
                say(&mut write, "354 go on").await;
                let text = data(&mut lines).await;
                desk.arrived.lock().expect("mails").push(Arrived { from: from.clone(), to: to.clone(), text });
                desk.news.notify_waiters();
                "250 taken".to_owned()
            }
            "QUIT" => return say(&mut write, "221 bye").await,
            "RSET" | "NOOP" => "250 fine".to_owned(),
            _ => "502 not here".to_owned(),
        };
        say(&mut write, &answer).await;
    }
}

fn recipient(mood: Mood, desk: &Desk, to: &str) -> String {
    let mut asked = desk.asked.lock().expect("a count");
    *asked += 1;
    desk.news.notify_waiters();
    match mood {
        Mood::Busy(times) if *asked <= times => "451 try again later".to_owned(),
        Mood::Refusing => format!("550 no mailbox <{to}>"),
        Mood::Willing | Mood::Busy(_) | Mood::Silent => "250 fine".to_owned(),
    }
}

/// A mail up to the line with a single dot; a dot that was doubled is single again.
async fn data(lines: &mut Lines<BufReader<OwnedReadHalf>>) -> String {
    let mut text = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if line == "." {
            break;
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push_str("\r\n");
    }
    text
}

fn within(text: &str) -> String {
    text.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}

async fn say(write: &mut OwnedWriteHalf, line: &str) {
    // The client may have gone; that is its story.
    let _gone = write.write_all(format!("{line}\r\n").as_bytes()).await;
}
