"""What the private cluster is told: who may connect, and how it keeps what it is given (pure)."""

from geoservice.cluster.place import Place

# Only the socket, and only accounts of this machine that may be the database's owner.
ACCESS = "local all all peer map=geoservice\n"

# In a conf file a quote inside a string is doubled (PostgreSQL documentation, 20.1.2).
SETTINGS = """\
# Written anew at each start by geoservice; what you set in postgresql.conf after it wins.
listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
port = 5432
max_connections = 100

fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
max_wal_size = 2GB

shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off

timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = {logs}
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %u '
log_checkpoints = off
"""


def settings(place: Place) -> str:
    """Return the text of `geoservice.conf` for a place."""
    return SETTINGS.format(socket=_quoted(str(place.socket)), logs=_quoted(str(place.logs)))


def identities(place: Place) -> str:
    """Return the text of `pg_ident.conf`: root and the cluster's owner act as the database's."""
    names = dict.fromkeys(("root", place.account.name))
    return "".join(f'geoservice "{name}" geoservice\n' for name in names)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
