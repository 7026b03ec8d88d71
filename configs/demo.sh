#!/usr/bin/env bash
# What `./dev demo` shows: runs quickstart.yaml against a throw-away Kafka, reads the topic back with a plain consumer, and
# puts events of events.ndjson beside what became of them. Argument: the folder of weir, weir-broker, weir-consume.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The text of the first member called $1 in the JSON line on standard input, as it stands there; nothing if there is none.
member() {
  { grep -oE '"'"$1"'":("([^"\\]|\\.)*"|[-+.eE0-9]+)' || true; } | sed -n "1s/^\"$1\"://p"
}

# Prints what became of line $1 of the events.
show_event() {
  local before after id name was is
  before=$(sed -n "$1p" "$here/events.ndjson")
  id=$(member message_id <<<"$before")
  [ -n "$id" ] || id=$(member source_request_id <<<"$before")
  # An event is found again by an id that no other has.
  if [ -z "$id" ] || [ "$(grep -cF -- "$id" "$here/events.ndjson")" != 1 ]; then
    echo "demo.sh: line $1 of events.ndjson has no id of its own" >&2
    return 1
  fi
  after=$(grep -F -m 1 -- "$id" "$work/topic.values") || after=''
  printf '\nEvent on line %s\n  before  %s\n' "$1" "$before"
  if [ -z "$after" ]; then
    printf '  after   nothing: %s in %s, filtered\n' "$(member event_type <<<"$before")" "$(member environment <<<"$before")"
    return 0
  fi
  printf '  after   %s\n  changed\n' "$after"
  for name in email phone mobile_number ssn ip; do
    was=$(member "$name" <<<"$before")
    is=$(member "$name" <<<"$after")
    if [ "$was" != "$is" ]; then printf '    %-14s %s → %s\n' "$name" "$was" "${is:-gone}"; fi
  done
}

# Runs under weir-broker, which sets WEIR_BOOTSTRAP.
inside() {
  local bin=$1
  work=$WEIR_DEMO_DIR
  "$bin/weir" run "$here/quickstart.yaml" --state "$work/state" --report "$work/report.json" 2>"$work/weir.log" ||
    { cat "$work/weir.log" >&2; exit 1; }
  "$bin/weir-consume" "$WEIR_BOOTSTRAP" events --until-end | cut -f 4- >"$work/topic.values"
  printf '%s events in, %s in the topic\n' "$(wc -l <"$here/events.ndjson")" "$(wc -l <"$work/topic.values")"
  local line
  for line in 1 4 9 2; do show_event $line; done
  printf '\nDead letters (no payload: the pipeline has a privacy transform)\n'
  sed 's/^/  /' "$work/weir-quickstart-dead-letters.ndjson"
  printf '\nWhat weir said; its books, the ledger, come last\n'
  sed 's/^/  /' "$work/weir.log"
}

if [ "${1:-}" = --inside ]; then
  inside "$2"
else
  bin=${1:?usage: configs/demo.sh FOLDER_OF_THE_PROGRAMS}
  WEIR_DEMO_DIR=$(mktemp -d)
  export WEIR_DEMO_DIR
  trap 'rm -rf "$WEIR_DEMO_DIR"' EXIT
  "$bin/weir-broker" --topics events:12 -- "${BASH_SOURCE[0]}" --inside "$bin"
fi
