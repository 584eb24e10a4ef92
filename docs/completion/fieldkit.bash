# Completion of fieldkit for bash: commands, the commands below them, and options; files where a value is expected.
_fieldkit() {
    local current="${COMP_WORDS[COMP_CWORD]}" path="" words="" word at
    local known='
backup
bulletin
check
checkin
conflicts
conflicts resolve
cycle
cycle list
cycle show
delete
demo
devices
devices alone
devices drop
devices list
devices revoke
devices role
devices trust
doctor
edit
erase
erasures
evidence
export
figures
figures districts
figures import
figures list
figures match
figures show
forms
history
imports
inspect
join
keys
keys export
keys rotate
list
locate
lock
mentoring
mentoring list
mentoring log
mentoring progress
mentoring summary
merge
merges
network
network create
network invite
network rules
passphrase
passphrase change
people
people alike
people answer
people erase
people join
people part
people undo
protect
provider
provider merge
provider names
provider separate
quarantine
quotes
quotes approve
quotes candidates
quotes list
quotes propose
quotes refuse
receipt
record
restore
retain
show
status
summary
tables
trash
undo
utilisation
withdraw
'
    for ((at = 1; at < COMP_CWORD; at++)); do
        word="${COMP_WORDS[at]}"
        if [[ "$known" == *$'\n'"${path:+$path }$word"$'\n'* ]]; then
            path="${path:+$path }$word"
        fi
    done
    case "$path" in
    "") words="network join demo record checkin list show edit mentoring delete trash restore history undo people imports merges export inspect merge receipt quarantine status summary figures utilisation protect cycle provider quotes forms evidence bulletin tables check withdraw erase erasures backup locate doctor devices conflicts keys passphrase lock retain --kit --passphrase-file --plain --version --help" ;;
    "network") words="create invite rules --help" ;;
    "network create") words="--as --no-passphrase --safeguarding-lead --json --help" ;;
    "network invite") words="--out -o --json --help" ;;
    "network rules") words="--retention-months --confirm-days --backup-days --lock-minutes --groups --json --help" ;;
    "join") words="--as --no-passphrase --safeguarding-lead --json --help" ;;
    "demo") words="--keep --json --help" ;;
    "record") words="partner provider event person same_person attendance feedback mentorship session action note concern cycle engagement dataset cell mapping change support response case_study desk_source rationale quote release term withdrawal device policy --from --set --dry-run --add-terms --no-code --all --map --consent --understood --other-way --dates --hidden-rows --totals --heading-rows --again --sheet --mapping --save-mapping --json --help" ;;
    "checkin") words="--event --choose --json --help" ;;
    "list") words="partner provider event person same_person attendance feedback mentorship session action note concern cycle engagement dataset cell mapping change support response case_study desk_source rationale quote release term withdrawal device policy --limit --text --where --deleted --where-is --json --help" ;;
    "show") words="--history --json --help" ;;
    "edit") words="--set --json --help" ;;
    "mentoring") words="log list progress summary --help" ;;
    "mentoring log") words="--mentor --set --done --dropped --action --next --note --another --json --help" ;;
    "mentoring list") words="--mentor --json --help" ;;
    "mentoring progress") words="--mentor --json --help" ;;
    "mentoring summary") words="--out -o --mentor --json --help" ;;
    "delete") words="--json --help" ;;
    "trash") words="--json --help" ;;
    "restore") words="--yes --other-laptop --without-passphrase --still-in-use --no-longer-in-use --json --help" ;;
    "history") words="--json --help" ;;
    "undo") words="--import --bundle --json --help" ;;
    "people") words="alike join part answer erase undo --help" ;;
    "people alike") words="--all --json --help" ;;
    "people join") words="--take --json --help" ;;
    "people part") words="--json --help" ;;
    "people answer") words="--json --help" ;;
    "people erase") words="--yes --json --help" ;;
    "people undo") words="--json --help" ;;
    "imports") words="--json --help" ;;
    "merges") words="--limit --json --help" ;;
    "export") words="--out -o --full --json --help" ;;
    "inspect") words="--json --help" ;;
    "merge") words="--dry-run --receipt --json --help" ;;
    "receipt") words="--out -o --for --json --help" ;;
    "quarantine") words="--remove --show --erase --refuse --yes --json --help" ;;
    "status") words="--json --help" ;;
    "summary") words="--json --help" ;;
    "figures") words="import list show match districts --help" ;;
    "figures import") words="--population --districts --cycle --org --measure --period --days --source --star --dash --sign --round --unit --who --scheme --dimension --sex --label --column --sheet --hidden-rows --leave-refused --title --publisher --url --licence --retrieved --dry-run --yes --json --help" ;;
    "figures list") words="--json --help" ;;
    "figures show") words="--json --help" ;;
    "figures match") words="--json --help" ;;
    "figures districts") words="--population --json --help" ;;
    "utilisation") words="--data --districts --population --org --measure --dimension --period --ages --source --dash --sheet --json --help" ;;
    "protect") words="--tables --out -o --preset --monitoring --json --help" ;;
    "cycle") words="list show --help" ;;
    "cycle list") words="--threshold --json --help" ;;
    "cycle show") words="--threshold --json --help" ;;
    "provider") words="names merge separate --help" ;;
    "provider names") words="--json --help" ;;
    "provider merge") words="--json --help" ;;
    "provider separate") words="--json --help" ;;
    "quotes") words="candidates propose list approve refuse --help" ;;
    "quotes candidates") words="--cycle --json --help" ;;
    "quotes propose") words="--by --words --field --attribute --json --help" ;;
    "quotes list") words="--json --help" ;;
    "quotes approve") words="--by --json --help" ;;
    "quotes refuse") words="--by --reason --json --help" ;;
    "forms") words="--out -o --language -l --copies --translate --json --help" ;;
    "evidence") words="--cycle --audience --out -o --preset --addressee --verify --json --help" ;;
    "bulletin") words="--from --to --out -o --draft --text --preset --json --help" ;;
    "tables") words="--out -o --force --json --help" ;;
    "check") words="--json --help" ;;
    "withdraw") words="--json --help" ;;
    "erase") words="--yes --json --help" ;;
    "erasures") words="--json --help" ;;
    "backup") words="--out -o --test --json --help" ;;
    "locate") words="--json --help" ;;
    "doctor") words="--json --help" ;;
    "devices") words="list trust role revoke alone drop --help" ;;
    "devices list") words="--json --help" ;;
    "devices trust") words="--role --name --json --help" ;;
    "devices role") words="--json --help" ;;
    "devices revoke") words="--undo --undo-carried --json --help" ;;
    "devices alone") words="--json --help" ;;
    "devices drop") words="--yes --json --help" ;;
    "conflicts") words="resolve --json --help" ;;
    "conflicts resolve") words="--json --help" ;;
    "keys") words="export rotate --help" ;;
    "keys export") words="--out -o --keys-passphrase-file --json --help" ;;
    "keys rotate") words="--days --json --help" ;;
    "passphrase") words="change --help" ;;
    "passphrase change") words="--new-passphrase-file --json --help" ;;
    "lock") words="--minutes --new-pin --forget-pin --json --help" ;;
    "retain") words="--dry-run --yes --json --help" ;;
    esac
    if [[ "$current" == */* || "$current" == .* ]]; then
        COMPREPLY=($(compgen -f -- "$current"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$current"))
    fi
}
complete -o bashdefault -o default -F _fieldkit fieldkit
