//! The demo: a publisher's catalog and two organizations, made through the product's own imports.

use crate::{run, server::Product};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    path::Path,
};

/// The product's commands that make the demo, in this order. `DATA` stands for the data folder.
const STEPS: [&[&str]; 3] = [
    &["import", "catalog", "demo/catalog.toml", "--data", "DATA"],
    &["import", "organizations", "demo/organizations.toml", "--data", "DATA"],
    &["import", "people", "demo/people.csv", "--data", "DATA"],
];

/// A person of the demo who can sign in.
#[derive(Debug)]
pub(crate) struct SignIn {
    /// The mail address.
    pub(crate) mail: &'static str,
    /// The password.
    pub(crate) password: &'static str,
    /// Who that is, in a few words.
    pub(crate) who: &'static str,
}

/// The demo's password. Everybody may know it: the demo is served on this machine only.
const PASSWORD: &str = "seats by the harbor";

/// Stands in a data folder that `cargo xtask` has made: only there anybody's password is set.
const WANTED: &str = "demo-sign-ins";

/// Who is shown after `cargo xtask start`.
pub(crate) const SIGN_INS: [SignIn; 5] = [
    SignIn { mail: "misaki.sasaki@harukaze.example", password: PASSWORD, who: "member, Japanese" },
    SignIn { mail: "naoto.takahashi@harukaze.example", password: PASSWORD, who: "administrator, Japanese" },
    SignIn { mail: "james.whitfield@northgate.example", password: PASSWORD, who: "member, English" },
    SignIn { mail: "sora.nakata@northgate.example", password: PASSWORD, who: "member of both organizations" },
    SignIn { mail: "pat.quinn@quillcalibration.example", password: PASSWORD, who: "guest, English" },
];

/// What the demo's publisher is called, as the settings of `zaseki serve`.
pub(crate) const PUBLISHER: [(&str, &str); 2] =
    [("ZASEKI_PUBLISHER_JA", "ミナトソフトウェア"), ("ZASEKI_PUBLISHER_EN", "Minato Software")];

/// Lets the demo's people sign in, as anybody would: each opens a one-time link and sets the password.
/// Done once for a data folder.
pub(crate) fn set_passwords(product: Product<'_>, data: &Path, port: u16) -> Result<()> {
    let (wanted, done) = (data.join(WANTED), data.join("demo-sign-ins-done"));
    if done.exists() || !wanted.exists() {
        return Ok(());
    }
    for person in &SIGN_INS {
        let mut command = product.command();
        command.arg("link").arg(person.mail).arg("--data").arg(data);
        let output = command.output().context("`zaseki link` cannot be started")?;
        let address = String::from_utf8_lossy(&output.stdout);
        let token = address.trim().rsplit('/').next().unwrap_or_default();
        ensure!(
            output.status.success() && !token.is_empty(),
            "no link for {}: {}",
            person.mail,
            String::from_utf8_lossy(&output.stderr).trim()
        );
        set_password(port, token, person.password)
            .with_context(|| format!("the password of {} could not be set", person.mail))?;
    }
    fs::write(&done, "").with_context(|| format!("{} cannot be written", done.display()))
}

/// Sends the form of the link's page.
fn set_password(port: u16, token: &str, password: &str) -> Result<()> {
    let password = password.replace(' ', "+");
    let body = format!("token={token}&password={password}&again={password}");
    let request = format!(
        "POST /api/use-link HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_lowercase();
    // The form leads on when it was accepted, and back to its page when it was not.
    let accepted = head.starts_with("http/1.1 302") && !head.contains("location: /link/");
    ensure!(accepted, "the server answered {}", head.lines().next().unwrap_or("nothing"));
    Ok(())
}

/// Makes the demo in `data` unless the folder is there. An interrupted attempt leaves nothing that looks whole.
pub(crate) fn make(product: Product<'_>, data: &Path) -> Result<()> {
    if data.exists() {
        return Ok(());
    }
    let partial = data.with_extension("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).with_context(|| format!("{} cannot be removed", partial.display()))?;
    }
    fs::create_dir_all(&partial).with_context(|| format!("{} cannot be made", partial.display()))?;
    for words in STEPS {
        let mut command = product.command();
        for word in words {
            if *word == "DATA" {
                command.arg(&partial);
            } else {
                command.arg(word);
            }
        }
        run::must(
            &mut command,
            &format!("`zaseki {}`", words[..3].join(" ")),
            &product.machine().log("demo"),
        )?;
    }
    fs::write(partial.join(WANTED), "")
        .with_context(|| format!("{} cannot be written", partial.display()))?;
    fs::rename(&partial, data).with_context(|| format!("{} cannot be made", data.display()))
}
