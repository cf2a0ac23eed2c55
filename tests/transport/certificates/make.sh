#!/bin/sh
# Makes the certificates of this folder anew. Nothing but the tests trusts them; the keys are no secrets.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/index"
echo 01 > "$work/serial"
cat > "$work/ca.cnf" <<END
[ca]
default_ca = here
[here]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
x509_extensions = leaf
[leaf]
basicConstraints = critical,CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[any]
commonName = supplied
END
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null; }

key "$work/ca.key"
openssl req -x509 -key "$work/ca.key" -days 36500 -subj "/CN=ccwall test authority" -out authority.pem \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
# name, subject alternative name, from, to
sign() {
  key "$work/$1.key"
  openssl req -new -key "$work/$1.key" -subj "/CN=$1" -addext "subjectAltName=$2" -out "$work/$1.csr"
  openssl ca -batch -config "$work/ca.cnf" -cert authority.pem -keyfile "$work/ca.key" -notext \
    -startdate "$3" -enddate "$4" -in "$work/$1.csr" -out "$work/$1.crt" 2>/dev/null
  cat "$work/$1.key" "$work/$1.crt" > "$1.pem"
}
sign good IP:127.0.0.1,DNS:localhost 20250101000000Z 21250101000000Z
sign expired IP:127.0.0.1,DNS:localhost 20200101000000Z 20210101000000Z
sign elsewhere DNS:pbx.example 20250101000000Z 21250101000000Z
