-- Tasks and categories. Owners are users of the authorization server: their ids come from access tokens, and no table of
-- users exists here. Rules are checked by the service first; the constraints here are the last line.

-- One row for each owner who ever had categories. It marks that the default categories were made, so that deleted ones do
-- not come back, and counts, so that the limit of one account is checked without counting rows.
CREATE TABLE category_owner (
    owner_id   uuid        NOT NULL PRIMARY KEY,
    categories integer     NOT NULL CHECK (categories >= 0),
    created_at timestamptz NOT NULL
);

CREATE TABLE category (
    id         uuid        NOT NULL PRIMARY KEY,
    owner_id   uuid        NOT NULL REFERENCES category_owner,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    colour     text        CHECK (colour ~ '^#[0-9a-f]{6}$'),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    integer     NOT NULL,
    -- What a task's foreign key points to: it makes a category of somebody else impossible.
    CONSTRAINT category_of_owner UNIQUE (owner_id, id)
);

-- Two categories of one owner differ by more than case. Serves: list of one owner's categories in order of name.
CREATE UNIQUE INDEX category_name ON category (owner_id, lower(name));

-- One row for each owner who ever had tasks: the count that bounds one account.
CREATE TABLE task_owner (
    owner_id uuid    NOT NULL PRIMARY KEY,
    tasks    integer NOT NULL CHECK (tasks >= 0)
);

CREATE TABLE task (
    id           uuid        NOT NULL PRIMARY KEY, -- UUIDv7: sorts by age
    owner_id     uuid        NOT NULL REFERENCES task_owner,
    title        text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    notes        text        CHECK (char_length(notes) <= 10000),
    due_date     date,
    category_id  uuid,
    completed_at timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      integer     NOT NULL,
    CONSTRAINT task_category FOREIGN KEY (owner_id, category_id) REFERENCES category (owner_id, id)
);

-- Serves: pages of all tasks and of completed ones (newest first, from a cursor).
CREATE INDEX task_by_owner ON task (owner_id, id);

-- Serves: pages of open tasks, which stay few while completed ones pile up.
CREATE INDEX task_open ON task (owner_id, id) WHERE completed_at IS NULL;

-- Serves: pages of one category, clearing a category that is deleted, and the check of the foreign key.
CREATE INDEX task_by_category ON task (owner_id, category_id, id) WHERE category_id IS NOT NULL;
