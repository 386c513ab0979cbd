"""The certificates of the peers: an authority and one leaf for each way of being right or wrong.

They are made once for each directory, under a lock, so that peers of one test run share them. Used by smtp_peer.py and
http_peer.py.
"""

import datetime
import fcntl
import os
import ssl

KINDS = ("good", "expired", "wrong-host", "self-signed")
IDENTITIES = ("localhost", "127.0.0.1", "::1")


def make(directory):
    """Makes whatever is missing; the authority's certificate is `ca.pem`, the leaves are `KIND.pem` with their keys."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    with open(os.path.join(directory, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(os.path.join(directory, "complete")):
            return
        import trustme

        authority = trustme.CA()
        yesterday = datetime.datetime.utcnow() - datetime.timedelta(days=1)
        leaves = {
            "good": authority.issue_cert(*IDENTITIES),
            "expired": authority.issue_cert(*IDENTITIES, not_after=yesterday),
            "wrong-host": authority.issue_cert("somebody-else.example"),
        }
        for kind, leaf in leaves.items():
            leaf.private_key_and_cert_chain_pem.write_to_path(os.path.join(directory, kind + ".pem"))
        self_signed(os.path.join(directory, "self-signed.pem"))
        authority.cert_pem.write_to_path(os.path.join(directory, "ca.pem"))
        open(os.path.join(directory, "complete"), "w").close()


def self_signed(path):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.utcnow()
    names = [x509.DNSName("localhost")]
    names += [x509.IPAddress(__import__("ipaddress").ip_address(text)) for text in ("127.0.0.1", "::1")]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    with open(path, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        file.write(certificate.public_bytes(serialization.Encoding.PEM))


def server_context(directory, kind):
    """A server's TLS context with the leaf of that kind."""
    make(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(directory, kind + ".pem"))
    return context


def authority_file(directory):
    return os.path.join(directory, "ca.pem")
