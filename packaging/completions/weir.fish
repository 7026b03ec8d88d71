# fish completion of weir. Generated from the command line's own table by `./dev docs`; do not edit.

function __weir_components
    weir plugins 2>/dev/null | awk 'NR > 1 { print $2 }'
end

complete -c weir -f
complete -c weir -s h -l help -d 'Print this help message and exit'
complete -c weir -l version -d 'Display program version information and exit'
complete -c weir -l log-level -xa 'debug error info trace warn' -d 'What is logged: error, warn, info, debug or trace'
complete -c weir -l log-format -xa 'json text' -d 'How: text or json, one object a line'
complete -c weir -l plugins -xa '(__fish_complete_directories)' -d 'A further folder of plugins; may be given several times'

complete -c weir -n '__fish_use_subcommand' -a run -d 'Runs every pipeline in the files or folders until they end or SIGTERM'
complete -c weir -n '__fish_seen_subcommand_from run' -l state -xa '(__fish_complete_directories)' -d 'Where positions are kept'
complete -c weir -n '__fish_seen_subcommand_from run' -l report -r -F -d 'Writes the ledger of every pipeline there, as JSON'
complete -c weir -n '__fish_seen_subcommand_from run' -l fresh -d 'Forgets stored positions: sources start anew'
complete -c weir -n '__fish_seen_subcommand_from run' -l watch -d 'Reloads when a configuration file or a plugin has changed, as SIGHUP does'
complete -c weir -n '__fish_seen_subcommand_from run' -l admin -x -d 'Serves metrics, health and taps over HTTP there: PORT or HOST:PORT'
complete -c weir -n '__fish_seen_subcommand_from run' -l admin-allow-remote -d 'Lets ADDR be one that others can reach'
complete -c weir -n '__fish_seen_subcommand_from run' -l admin-unsafe-tap -d 'Lets `weir tap --unsafe` look at records that are not redacted yet'
complete -c weir -n '__fish_seen_subcommand_from run' -F

complete -c weir -n '__fish_use_subcommand' -a validate -d 'Checks all that can be checked without touching the outside'
complete -c weir -n '__fish_seen_subcommand_from validate' -l no-env -d 'Lets unset ${env:...} and missing ${file:...} pass'
complete -c weir -n '__fish_seen_subcommand_from validate' -F

complete -c weir -n '__fish_use_subcommand' -a plugins -d 'Lists the components that were found, or documents one'
complete -c weir -n '__fish_seen_subcommand_from plugins' -l kind -xa 'predicate sink source transform' -d 'Only source, transform, predicate or sink'
complete -c weir -n '__fish_seen_subcommand_from plugins' -l json -d 'As JSON'
complete -c weir -n '__fish_seen_subcommand_from plugins' -xa '(__weir_components)'

complete -c weir -n '__fish_use_subcommand' -a schema -d 'Prints the JSON Schema of the YAML with all found components, for editors'

complete -c weir -n '__fish_use_subcommand' -a try -d 'Runs a pipeline\'s transforms over standard input, one record a line; prints what would reach the sink;'
complete -c weir -n '__fish_seen_subcommand_from try' -l steps -d 'Also after each transform'
complete -c weir -n '__fish_seen_subcommand_from try' -F

complete -c weir -n '__fish_use_subcommand' -a replay -d 'Sends what a pipeline\'s spool has kept (keep_delivered) once more through its transforms to the sink,'
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -l from -x -d 'Records spooled since then: 2026-11-23, 2026-11-23T04:05:06Z, or how long ago: -2d, -90m'
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -l to -x -d 'Records spooled before then'
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -l key -x -d 'Only records that came with this key'
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -l match -x -d 'Only records whose value, as it was spooled, meets it, such as \'{field: mpid, equals: 7}\''
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -l rate -x -d 'So many a second at most'
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -l dry-run -d 'Sends nothing: says what would be sent'
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -l state -xa '(__fish_complete_directories)' -d 'Where the worker keeps its positions'
complete -c weir -n '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from dlq' -F

complete -c weir -n '__fish_use_subcommand' -a test -d 'Runs the tests of pipelines and prints what came otherwise'
complete -c weir -n '__fish_seen_subcommand_from test' -F

complete -c weir -n '__fish_use_subcommand' -a check -d 'Checks whether a plugin keeps the rules of the plugin boundary, each rule in a process of its own'
complete -c weir -n '__fish_seen_subcommand_from check' -l config -r -F -d 'YAML documents with `type` and fields of components, where a made up configuration does not do'
complete -c weir -n '__fish_seen_subcommand_from check' -F

complete -c weir -n '__fish_use_subcommand' -a new -d 'Writes the project of a plugin into a new folder NAME: class, tests, example'
complete -c weir -n '__fish_seen_subcommand_from new; and __fish_is_nth_token 2' -xa 'sink source transform'

complete -c weir -n '__fish_use_subcommand' -a spool -d 'Looks into a spool, beside a running worker and without one; what is read there is as it was before redaction'
complete -c weir -n '__fish_seen_subcommand_from spool' -l secret-file -r -F -d 'The secrets of an encrypted spool, where no pipeline names them'
complete -c weir -n '__fish_seen_subcommand_from spool' -l state -xa '(__fish_complete_directories)' -d 'The worker\'s state directory, for a pipeline\'s exact position'
complete -c weir -n '__fish_seen_subcommand_from spool' -l from -x -d 'peek, export: begins with the record of that sequence number'
complete -c weir -n '__fish_seen_subcommand_from spool' -l count -x -d 'peek, export: ends after so many records; peek: 10'
complete -c weir -n '__fish_seen_subcommand_from spool' -l all -d 'export: also what is delivered and kept'
complete -c weir -n '__fish_seen_subcommand_from spool' -l json -d 'status, ls, verify: as JSON'
complete -c weir -n '__fish_seen_subcommand_from spool' -l plan -d 'repair: says what it would do, and does nothing'
complete -c weir -n '__fish_seen_subcommand_from spool; and __fish_is_nth_token 2' -xa 'export ls peek repair status verify'
complete -c weir -n '__fish_seen_subcommand_from spool; and __fish_is_nth_token 3' -F

complete -c weir -n '__fish_use_subcommand' -a top -d 'Shows what a worker\'s pipelines do, every second; q ends it'
complete -c weir -n '__fish_seen_subcommand_from top' -l once -d 'Prints it once; so does an output that is no terminal'
complete -c weir -n '__fish_seen_subcommand_from top' -l admin -x -d 'The worker\'s --admin address'

complete -c weir -n '__fish_use_subcommand' -a tap -d 'Prints some of the records that pass through a running pipeline, one JSON object a line'
complete -c weir -n '__fish_seen_subcommand_from tap' -l after -x -d 'As they stand after that transform; else after the last one'
complete -c weir -n '__fish_seen_subcommand_from tap' -l count -x -d 'Ends after so many'
complete -c weir -n '__fish_seen_subcommand_from tap' -l unsafe -d 'Also before the last privacy transform, where the worker runs with --admin-unsafe-tap'
complete -c weir -n '__fish_seen_subcommand_from tap' -l admin -x -d 'The worker\'s --admin address'

complete -c weir -n '__fish_use_subcommand' -a dlq -d 'Looks into files of dead letters, sends their records again, deletes them'

complete -c weir -n '__fish_seen_subcommand_from dlq; and not __fish_seen_subcommand_from list show stats replay drop' -a list -d 'Lists dead letters, without what they hold'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l code -x -d 'Only those with that code, such as E_DATA; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l transform -x -d 'Only those that failed in that transform; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l pipeline -x -d 'Only those of that pipeline; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l number -x -d 'Only those of that line or range, 7 or 7-12; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l since -x -d 'Only those whose record has that time or a later one: 2026-11-23, 2026-11-23T04:05:06Z, or how long ago, 2d'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l until -x -d 'Only those whose record has an earlier time'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l limit -x -d 'At most so many'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l replayed -d 'Only those that were replayed'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l waiting -d 'Only those that were not replayed'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -l json -d 'One JSON object a line'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from list' -F

complete -c weir -n '__fish_seen_subcommand_from dlq; and not __fish_seen_subcommand_from list show stats replay drop' -a show -d 'Prints one dead letter with its record, decrypted if need be'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from show' -l secret-file -r -F -d 'A file with the secrets that encrypted letters are opened with, one a line'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from show' -l config -r -F -d 'A pipeline file whose secrets open it'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from show; and __fish_is_nth_token 3' -F

complete -c weir -n '__fish_seen_subcommand_from dlq; and not __fish_seen_subcommand_from list show stats replay drop' -a stats -d 'Counts dead letters by what is wrong with them'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l code -x -d 'Only those with that code, such as E_DATA; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l transform -x -d 'Only those that failed in that transform; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l pipeline -x -d 'Only those of that pipeline; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l number -x -d 'Only those of that line or range, 7 or 7-12; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l since -x -d 'Only those whose record has that time or a later one: 2026-11-23, 2026-11-23T04:05:06Z, or how long ago, 2d'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l until -x -d 'Only those whose record has an earlier time'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l limit -x -d 'At most so many'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l replayed -d 'Only those that were replayed'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l waiting -d 'Only those that were not replayed'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -l json -d 'As JSON'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from stats' -F

complete -c weir -n '__fish_seen_subcommand_from dlq; and not __fish_seen_subcommand_from list show stats replay drop' -a replay -d 'Sends the records of dead letters through a pipeline again, in order and once;'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l file -r -F -d 'The dead letters; else those that the pipeline writes'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l code -x -d 'Only those with that code, such as E_DATA; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l transform -x -d 'Only those that failed in that transform; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l pipeline -x -d 'Only those of that pipeline; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l number -x -d 'Only those of that line or range, 7 or 7-12; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l since -x -d 'Only those whose record has that time or a later one: 2026-11-23, 2026-11-23T04:05:06Z, or how long ago, 2d'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l until -x -d 'Only those whose record has an earlier time'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l limit -x -d 'At most so many'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l secret-file -r -F -d 'A file with the secrets that encrypted letters are opened with, one a line'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l dry-run -d 'Runs the transforms, tells what would become of the records'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l rate -x -d 'At most so many records a second'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l state -xa '(__fish_complete_directories)' -d 'The worker\'s state directory'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -F

complete -c weir -n '__fish_seen_subcommand_from dlq; and not __fish_seen_subcommand_from list show stats replay drop' -a drop -d 'Deletes dead letters for good. The worker has to be stopped'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l code -x -d 'Only those with that code, such as E_DATA; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l transform -x -d 'Only those that failed in that transform; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l pipeline -x -d 'Only those of that pipeline; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l number -x -d 'Only those of that line or range, 7 or 7-12; may be given several times'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l since -x -d 'Only those whose record has that time or a later one: 2026-11-23, 2026-11-23T04:05:06Z, or how long ago, 2d'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l until -x -d 'Only those whose record has an earlier time'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l limit -x -d 'At most so many'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l replayed -d 'Only those that were replayed'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l waiting -d 'Only those that were not replayed'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l all -d 'All of them'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -l yes -d 'Without asking'
complete -c weir -n '__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from drop' -F

complete -c weir -n '__fish_use_subcommand' -a chaos -d 'Runs a pipeline against a throw-away broker, undisturbed and then with its worker killed and the broker frozen at random;'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l pipeline -x -d 'Which one, where the file has several'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l kills -x -d 'So often the worker is killed'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l freezes -x -d 'So often the broker stands still'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l for -x -d 'Stretches the disturbed run to about that; the undisturbed one may take as long'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l seed -x -d 'The same faults as the run that printed it'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l topics -x -d 'Partitions of topics, NAME:N,...; else what the pipeline says, or 12'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l work -xa '(__fish_complete_directories)' -d 'Works there and keeps it, with the workers\' logs; else in a temporary folder'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l json -d 'As JSON'
complete -c weir -n '__fish_seen_subcommand_from chaos' -l compare -r -F -d 'Runs nothing: compares two files that weir-consume wrote, what should have come, then what came'
complete -c weir -n '__fish_seen_subcommand_from chaos' -F
