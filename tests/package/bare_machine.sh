# Sourced: a bare Debian 12 in a folder, a debootstrap minbase tree without systemd and cgroups.
suite=bookworm

# Prints 'RELEASE ADDRESS' of every archive of this suite that the machine's apt is set up with.
archives() {
  apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' | grep "^$suite" | sort -u
}

# make_machine TREE [DEBOOTSTRAP OPTION…]: what a machine in this place is born with: where its packages come from, names, whom it trusts.
make_machine() {
  local tree=$1
  shift
  debootstrap --variant=minbase "$@" "$suite" "$tree" "$(archives | sed -n "s/^$suite //p" | sed -n 1p)" \
    >"$tree.log" 2>&1 || { tail -n 20 "$tree.log"; return 1; }
  rm -f "$tree.log"
  archives | sed 's/\([^ ]*\) \(.*\)/deb \2 \1 main/' >"$tree/etc/apt/sources.list"
  apt-config dump | grep '^Acquire::' >"$tree/etc/apt/apt.conf.d/90place" || true
  cp /etc/hosts /etc/resolv.conf "$tree/etc/"
  mkdir -p "$tree/usr/local/share/ca-certificates"
  cp -r /usr/local/share/ca-certificates/. "$tree/usr/local/share/ca-certificates/"
}

# in_machine TREE COMMAND…: in its own session, without terminal, input and the caller's environment.
in_machine() {
  local tree=$1 variable place=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin)
  shift
  for variable in http_proxy https_proxy no_proxy; do
    if [ -n "${!variable:-}" ]; then place+=("$variable=${!variable}"); fi
  done
  setsid -w chroot "$tree" env -i "${place[@]}" "$@" </dev/null
}
