#!/usr/bin/python3
"""A real Postfix as a mail relay for tests: an instance of its own, with its own configuration, queue and port.

usage: postfix_peer.py --next PORT [--certificates DIR] [--folder DIR]

It offers STARTTLS, wants a login over it (leadbell / swordfish, by Cyrus SASL), and hands what it takes to 127.0.0.1:PORT,
trying again every second or so what is refused there for now. For the recipients in FOLDER/etc/recipients it answers as that
file says, which is read anew for each connection: it begins with dana@example.com, to be tried later.

Prints one line {"port", "ca", "folder"} when ready; ends when standard input does. Needs root, as Postfix does, and the
Debian packages postfix and sasl2-bin.
"""

import argparse
import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile

import peer_certificates
import peer_life

MAIN = """\
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/maillog
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
alias_maps =
mynetworks_style = host
mynetworks =
relayhost = [127.0.0.1]:{next}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/etc/recipients
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {folder}/etc/certificate.pem
smtpd_tls_key_file = {folder}/etc/certificate.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_sasl_local_domain = relay.example
smtpd_delay_reject = yes
smtp_tls_security_level = none
max_use = 1
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
destination_concurrency_failed_cohort_limit = 1000
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def set_up(folder, certificates, next_port, port):
    os.chmod(folder, 0o755)
    for name in ("etc", "etc/sasl", "queue", "data", "log"):
        os.makedirs(os.path.join(folder, name), mode=0o755, exist_ok=True)
    shutil.chown(os.path.join(folder, "data"), "postfix")
    peer_certificates.make(certificates)
    etc = os.path.join(folder, "etc")
    shutil.copy(os.path.join(certificates, "good.pem"), os.path.join(etc, "certificate.pem"))
    write(os.path.join(etc, "main.cf"), MAIN.format(folder=folder, next=next_port))
    write(os.path.join(etc, "master.cf"), MASTER.format(port=port))
    write(os.path.join(etc, "recipients"), "dana@example.com 450 4.2.0 not yet\n")
    database = os.path.join(etc, "sasl", "sasldb2")
    write(
        os.path.join(etc, "sasl", "smtpd.conf"),
        "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s\n" % database,
    )
    subprocess.run(
        ["/usr/sbin/saslpasswd2", "-p", "-c", "-f", database, "-u", "relay.example", "leadbell"],
        input=b"swordfish", check=True, capture_output=True,
    )
    shutil.chown(database, "postfix")
    checked = subprocess.run(["/usr/sbin/postfix", "-c", etc, "check"], capture_output=True, check=False)
    if checked.returncode != 0:
        raise SystemExit("postfix refuses its configuration: %s" % checked.stderr.decode())


async def ready(port):
    for _ in range(200):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            greeting = await reader.readline()
            writer.close()
            if greeting.startswith(b"220"):
                return
        except OSError:
            pass
        await asyncio.sleep(0.05)
    raise SystemExit("postfix does not greet on its port")


async def live(**ready):
    """As peer_life.live, but returns, since there is a child to be ended."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    loop.add_reader(0, lambda: os.read(0, 4096) or over.set())
    loop.add_signal_handler(signal.SIGTERM, over.set)
    loop.call_later(peer_life.LONGEST_LIFE, over.set)
    peer_life.announce(**ready)
    await over.wait()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--next", type=int, required=True)
    parser.add_argument("--certificates", help="directory for the certificates; a temporary one by default")
    parser.add_argument("--folder", help="directory for the instance; a temporary one by default")
    parser.add_argument("--log", help="not used: Postfix has a log of its own, below the folder")
    arguments = parser.parse_args()
    folder = arguments.folder or tempfile.mkdtemp(prefix="postfix-")
    certificates = arguments.certificates or tempfile.mkdtemp()
    port = free_port()
    set_up(folder, certificates, arguments.next, port)
    # A test's threads block signals, and children inherit that; Postfix waits for them.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    # In the foreground, so that it is ended by its own process id.
    master = subprocess.Popen(
        ["/usr/lib/postfix/sbin/master", "-c", os.path.join(folder, "etc"), "-s"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )
    try:
        await ready(port)
        await live(port=port, ca=peer_certificates.authority_file(certificates), folder=folder)
    finally:
        master.send_signal(signal.SIGTERM)
        try:
            master.wait(timeout=10)
        except subprocess.TimeoutExpired:
            master.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
