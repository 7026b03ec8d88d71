# bash completion of weir. Generated from the command line's own table by `./dev docs`; do not edit.

_weir_components() {
  weir plugins 2>/dev/null | awk 'NR > 1 { print $2 }'
}

_weir() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' position=0 i
  COMPREPLY=()
  # bash takes --option=value for three words.
  if [[ $word == = ]]; then word=''; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "${COMP_WORDS[i]}" in
      --log-level|--log-format|--plugins) if [[ ${COMP_WORDS[i + 1]} == = ]]; then ((i += 2)); else ((++i)); fi ;;
      -*) ;;
      *) command=${COMP_WORDS[i]}; break ;;
    esac
  done
  if [[ $command == dlq ]]; then
    for ((++i; i < COMP_CWORD; ++i)); do
      case "${COMP_WORDS[i]}" in
        --log-level|--log-format|--plugins) if [[ ${COMP_WORDS[i + 1]} == = ]]; then ((i += 2)); else ((++i)); fi ;;
        -*) ;;
        *) command+=" ${COMP_WORDS[i]}"; break ;;
      esac
    done
  fi
  case "$command" in
    '')
      case "$before" in
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      mapfile -t COMPREPLY < <(compgen -W "run validate plugins schema try replay test check new spool top tap dlq chaos -h --help --version --log-level --log-format --plugins" -- "$word") ;;
    run)
      case "$before" in
        --state) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        --report) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --admin) COMPREPLY=(); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --state --report --fresh --watch --admin --admin-allow-remote --admin-unsafe-tap --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    validate)
      case "$before" in
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --no-env --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    plugins)
      case "$before" in
        --kind) mapfile -t COMPREPLY < <(compgen -W "predicate sink source transform" -- "$word"); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --kind --json --log-level --log-format --plugins" -- "$word"); return; fi
      mapfile -t COMPREPLY < <(compgen -W "$(_weir_components)" -- "$word") ;;
    schema)
      case "$before" in
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --log-level --log-format --plugins" -- "$word"); return; fi
      COMPREPLY=() ;;
    try)
      case "$before" in
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --steps --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    replay)
      case "$before" in
        --from) COMPREPLY=(); return ;;
        --to) COMPREPLY=(); return ;;
        --key) COMPREPLY=(); return ;;
        --match) COMPREPLY=(); return ;;
        --rate) COMPREPLY=(); return ;;
        --state) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --from --to --key --match --rate --dry-run --state --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    test)
      case "$before" in
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    check)
      case "$before" in
        --config) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --config --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    new)
      case "$before" in
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --log-level --log-format --plugins" -- "$word"); return; fi
      for ((++i; i < COMP_CWORD; ++i)); do
        case "${COMP_WORDS[i]}" in
          --log-level|--log-format|--plugins) ((++i)) ;;
          -*) ;;
          *) ((++position)) ;;
        esac
      done
      case "$position" in
        0) mapfile -t COMPREPLY < <(compgen -W "sink source transform" -- "$word") ;;
        1) COMPREPLY=() ;;
      esac ;;
    spool)
      case "$before" in
        --secret-file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --state) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        --from) COMPREPLY=(); return ;;
        --count) COMPREPLY=(); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --secret-file --state --from --count --all --json --plan --log-level --log-format --plugins" -- "$word"); return; fi
      for ((++i; i < COMP_CWORD; ++i)); do
        case "${COMP_WORDS[i]}" in
          --secret-file|--state|--from|--count|--log-level|--log-format|--plugins) ((++i)) ;;
          -*) ;;
          *) ((++position)) ;;
        esac
      done
      case "$position" in
        0) mapfile -t COMPREPLY < <(compgen -W "export ls peek repair status verify" -- "$word") ;;
        1) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
      esac ;;
    top)
      case "$before" in
        --admin) COMPREPLY=(); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --once --admin --log-level --log-format --plugins" -- "$word"); return; fi
      COMPREPLY=() ;;
    tap)
      case "$before" in
        --after) COMPREPLY=(); return ;;
        --count) COMPREPLY=(); return ;;
        --admin) COMPREPLY=(); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --after --count --unsafe --admin --log-level --log-format --plugins" -- "$word"); return; fi
      COMPREPLY=() ;;
    dlq)
      case "$before" in
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --log-level --log-format --plugins" -- "$word"); return; fi
      mapfile -t COMPREPLY < <(compgen -W "list show stats replay drop" -- "$word") ;;
    'dlq list')
      case "$before" in
        --code) COMPREPLY=(); return ;;
        --transform) COMPREPLY=(); return ;;
        --pipeline) COMPREPLY=(); return ;;
        --number) COMPREPLY=(); return ;;
        --since) COMPREPLY=(); return ;;
        --until) COMPREPLY=(); return ;;
        --limit) COMPREPLY=(); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --code --transform --pipeline --number --since --until --limit --replayed --waiting --json --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    'dlq show')
      case "$before" in
        --secret-file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --config) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --secret-file --config --log-level --log-format --plugins" -- "$word"); return; fi
      for ((++i; i < COMP_CWORD; ++i)); do
        case "${COMP_WORDS[i]}" in
          --secret-file|--config|--log-level|--log-format|--plugins) ((++i)) ;;
          -*) ;;
          *) ((++position)) ;;
        esac
      done
      case "$position" in
        0) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        1) COMPREPLY=() ;;
      esac ;;
    'dlq stats')
      case "$before" in
        --code) COMPREPLY=(); return ;;
        --transform) COMPREPLY=(); return ;;
        --pipeline) COMPREPLY=(); return ;;
        --number) COMPREPLY=(); return ;;
        --since) COMPREPLY=(); return ;;
        --until) COMPREPLY=(); return ;;
        --limit) COMPREPLY=(); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --code --transform --pipeline --number --since --until --limit --replayed --waiting --json --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    'dlq replay')
      case "$before" in
        --file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --code) COMPREPLY=(); return ;;
        --transform) COMPREPLY=(); return ;;
        --pipeline) COMPREPLY=(); return ;;
        --number) COMPREPLY=(); return ;;
        --since) COMPREPLY=(); return ;;
        --until) COMPREPLY=(); return ;;
        --limit) COMPREPLY=(); return ;;
        --secret-file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --rate) COMPREPLY=(); return ;;
        --state) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --file --code --transform --pipeline --number --since --until --limit --secret-file --dry-run --rate --state --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    'dlq drop')
      case "$before" in
        --code) COMPREPLY=(); return ;;
        --transform) COMPREPLY=(); return ;;
        --pipeline) COMPREPLY=(); return ;;
        --number) COMPREPLY=(); return ;;
        --since) COMPREPLY=(); return ;;
        --until) COMPREPLY=(); return ;;
        --limit) COMPREPLY=(); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --code --transform --pipeline --number --since --until --limit --replayed --waiting --all --yes --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    chaos)
      case "$before" in
        --pipeline) COMPREPLY=(); return ;;
        --kills) COMPREPLY=(); return ;;
        --freezes) COMPREPLY=(); return ;;
        --for) COMPREPLY=(); return ;;
        --seed) COMPREPLY=(); return ;;
        --topics) COMPREPLY=(); return ;;
        --work) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        --compare) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W "debug error info trace warn" -- "$word"); return ;;
        --log-format) mapfile -t COMPREPLY < <(compgen -W "json text" -- "$word"); return ;;
        --plugins) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
      esac
      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "-h --help --pipeline --kills --freezes --for --seed --topics --work --json --compare --log-level --log-format --plugins" -- "$word"); return; fi
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}

complete -F _weir weir
