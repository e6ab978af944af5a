//! A database that goes away in the middle of an apply: what is under way ends, nothing is sent without its intent, and the
//! next run finishes.

use std::io::Read;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use url::Url;

use crate::harness::World;
use crate::interruption::{crowd, under_way};
use crate::remembering::place::Place;

/// A wire to a server that can be cut. It is gone when the process is.
struct Wire {
    address: SocketAddr,
    /// Both ends of every connection; `None` once it is cut.
    ends: Arc<Mutex<Option<Vec<TcpStream>>>>,
}

impl Wire {
    fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, ends) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Some(Vec::new()))));
        let kept = Arc::clone(&ends);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // Held while both ends are put in, so that none is forgotten by a cut.
                let mut kept = kept.lock().unwrap();
                let Some(ends) = &mut *kept else { continue };
                let server = TcpStream::connect(server).unwrap();
                for (mut from, mut to) in
                    [(&client, &server), (&server, &client)].map(|(from, to)| (same(from), same(to)))
                {
                    // One end that is gone takes the other with it.
                    thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                ends.extend([client, server]);
            }
        });
        Self { address, ends }
    }

    fn cut(&self) {
        for end in self.ends.lock().unwrap().take().into_iter().flatten() {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

fn same(stream: &TcpStream) -> TcpStream {
    stream.try_clone().unwrap()
}

#[test]
fn a_database_that_goes_away_in_the_middle() {
    let Some(place) = Place::server() else { return };
    let direct = place.option();
    let mut url = Url::parse(&direct).unwrap();
    let server = url.socket_addrs(|| Some(5432)).unwrap()[0];
    let wire = Wire::to(server);
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(wire.address.port())).unwrap();
    let world = World::with(&crowd(400)).set("ROSTER_STATE", url.as_str());
    let (mut process, mut log) = under_way(&world);
    wire.cut();
    let talk = thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).map(|_| text)
    });
    let mut answer = String::new();
    process.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    let talk = talk.join().unwrap().unwrap();
    let code = process.wait().unwrap().code();
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{code:?}: {talk}"));
    assert!(matches!(code, Some(1 | 4)), "{code:?}: {answer}");
    let account = &answer["accounts"][0];
    assert!(account["state_error"]["message"].as_str().unwrap().contains("cannot write the state"), "{account}");
    let outcomes = account["actions"].as_array().unwrap().iter().map(|action| action["outcome"]["result"].clone());
    assert!(outcomes.clone().any(|result| result == "not tried"), "{account}");

    // Whoever is in the account has an intent in the journal.
    let there =
        world.run(&["plan", "--state", "none", "--format", "json"]).json()["accounts"][0]["users"].as_u64().unwrap();
    let history = world.run(&["history", "--state", &direct, "--format", "json"]).json();
    let intents = u64::try_from(history["deeds"].as_array().unwrap().len()).unwrap();
    assert!(there <= intents + 1, "{there} users with the Owner, {intents} intents");

    let finished = world.run(&["apply", "--yes", "--state", &direct]);
    assert_eq!(finished.code, 0, "{}", finished.told());
    assert_eq!(world.run(&["plan", "--detailed-exitcode", "--state", &direct]).code, 0);
    assert_eq!(world.run(&["history", "verify", "--state", &direct]).code, 0);
}
