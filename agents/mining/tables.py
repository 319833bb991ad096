"""The tables of a store of mining jobs."""

FORMAT = "3"  # raise it whenever a table or what is kept in one changes
MIGRATIONS = {
    "2": "alter table job add column owner text;alter table job add column wanted integer not null default 0;"
}
"""What brings a store of an earlier format to the next one."""

TABLES = """
create table if not exists meta (name text primary key, value text not null);
create table if not exists job (
    id text primary key, spec text not null, created text not null, state text not null,
    wish text, release text not null, model text, per_minute real, owner text,
    wanted integer not null default 0
);
create table if not exists term (uri text primary key, label text not null);
create table if not exists pair (
    job text not null, position integer not null, id text not null,
    method text not null, home text not null, target text not null, field text not null,
    methods_facet text not null, targets_facet text not null, fit real not null, distance integer not null,
    state text not null default 'open', reason text, mark real, verdict text, finding text,
    primary key (job, position), unique (job, id)
) without rowid;
create index if not exists pair_state on pair (job, state, position);
create index if not exists pair_best on pair (job, home, field, mark);
create table if not exists cell (
    job text not null, position integer not null, home text not null, field text not null,
    methods_facet text not null, targets_facet text not null,
    candidates integer not null, chosen integer not null, reason text, primary key (job, position)
);
create table if not exists call (
    key text primary key, job text not null, tokens integer not null, cost real, record text not null
) without rowid;
create index if not exists call_job on call (job);
create table if not exists rating (
    job text not null, pair text not null, strength real not null, low real not null, high real not null,
    ranked integer not null, primary key (job, pair)
);
create table if not exists tournament (
    job text not null, home text not null, field text not null, matches integer not null,
    stopped text not null, verdict text not null, primary key (job, home, field)
);
create table if not exists contrast (
    job text not null, first text not null, second text not null, model text not null, record text not null,
    primary key (job, first, second)
);
"""
