//! Answers that a server sends compressed: they are read as others are, and held to the same size once they are unpacked.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;

use crate::harness::{Scripted, http};

const USERS: &str = "{ ada@acme.example: admin }";

/// A server that sends what is asked for compressed, where the client takes that.
fn server(body: impl Read) -> Scripted {
    let packed = packed(body);
    Scripted::start(move |head| {
        if head.to_lowercase().contains("accept-encoding: gzip") {
            packed.clone()
        } else {
            http("406 Not Acceptable", "application/scim+json", "{}").into_bytes()
        }
    })
}

fn packed(mut body: impl Read) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    io::copy(&mut body, &mut encoder).unwrap();
    let body = encoder.finish().unwrap();
    let length = body.len();
    let mut answer = Vec::new();
    write!(
        answer,
        "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    answer.extend(body);
    answer
}

#[test]
fn an_answer_that_is_compressed_is_read() {
    let page = r#"{"totalResults":1,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":[{"value":"support"}]}]}"#;
    assert_snapshot!(server(page.as_bytes()).world(USERS).told(&["plan"]), @"
    exit 0
    --- stdout
    acme  scim  1 user  roster.yaml:2
      ~ change role  ada@acme.example  support → admin  roster.yaml:8

    1 to change in 1 account.
    ");
}

#[test]
fn an_answer_that_is_small_only_as_long_as_it_is_packed_is_refused() {
    let bomb = io::repeat(b' ').take(200 << 20);
    assert_snapshot!(server(bomb).world(USERS).told(&["plan"]), @"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:2
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: the answer cannot be used: it is larger than 64 MiB
        hint: check `url` in the roster; if it is right, the server's listing has no end

    1 account could not be read.
    ");
}

#[test]
fn an_answer_that_breaks_off_while_it_is_unpacked_is_said_to() {
    let mut answer = packed(&br#"{"totalResults":0,"Resources":[]}"#[..]);
    answer.truncate(answer.len() - 12);
    let told = Scripted::start(move |_| answer.clone()).world(USERS).run(&["plan"]);
    // How much of it is unpacked by then differs from run to run.
    assert!(told.code == 1 && told.stdout.contains("the answer cannot be used: it broke off after"), "{}", told.told());
}
