//! The tables of the store on SQLite.

use super::tokens;

/// Steps from an empty file to today's tables; `user_version` counts those done. Never edit one, add one.
pub(super) const MIGRATIONS: [&str; 9] = [
    "
    CREATE TABLE questionnaire (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

    CREATE TABLE campaign (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;

    -- Which batches are counted: nothing of a batch but its name and the SHA-256 of its content.
    CREATE TABLE batch (
        campaign TEXT NOT NULL REFERENCES campaign,
        id TEXT NOT NULL,
        digest BLOB NOT NULL,
        PRIMARY KEY (campaign, id)
    ) STRICT, WITHOUT ROWID;

    -- The sum of all batches of a leaf, and the sum as it is shown (see disclosure.rs).
    CREATE TABLE tally (
        campaign TEXT NOT NULL REFERENCES campaign,
        questionnaire TEXT NOT NULL REFERENCES questionnaire,
        area TEXT NOT NULL,
        day TEXT NOT NULL,
        channel TEXT NOT NULL,
        n INTEGER NOT NULL,
        cells BLOB NOT NULL,
        shown_n INTEGER,
        shown_cells BLOB,
        PRIMARY KEY (campaign, questionnaire, area, day, channel)
    ) STRICT;
",
    "
    -- Why a leaf's sum is known to be wrong; it stays, whatever is added later.
    ALTER TABLE tally ADD COLUMN fault TEXT;

    -- A campaign in an area, by the id under which reports are sent.
    CREATE TABLE task (
        number INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        campaign TEXT NOT NULL REFERENCES campaign,
        area TEXT NOT NULL
    ) STRICT;

    -- Which reports are counted: nothing of a report but its id, until its campaign takes no more.
    CREATE TABLE report (
        task INTEGER NOT NULL REFERENCES task,
        id BLOB NOT NULL,
        PRIMARY KEY (task, id)
    ) STRICT, WITHOUT ROWID;

    -- The two sums of shares of fewer than k respondents, each sealed with its aggregator's key (see split/at_rest.rs).
    CREATE TABLE share (
        task INTEGER NOT NULL REFERENCES task,
        day TEXT NOT NULL,
        n INTEGER NOT NULL,
        leader BLOB NOT NULL,
        helper BLOB NOT NULL,
        PRIMARY KEY (task, day)
    ) STRICT;
",
    "
    -- The sum of all fieldwork of an area, a day and a part of the day. Of fieldwork, as of a batch, nothing
    -- else is kept but its name and the SHA-256 of its content, in the table batch.
    CREATE TABLE door (
        campaign TEXT NOT NULL REFERENCES campaign,
        area TEXT NOT NULL,
        day TEXT NOT NULL,
        part TEXT NOT NULL,
        doors TEXT NOT NULL,
        PRIMARY KEY (campaign, area, day, part)
    ) STRICT;
",
    "
    -- What of the shown sums was in each step of a campaign (see disclosure.rs).
    CREATE TABLE step (
        campaign TEXT NOT NULL REFERENCES campaign,
        questionnaire TEXT NOT NULL REFERENCES questionnaire,
        area TEXT NOT NULL,
        day TEXT NOT NULL,
        channel TEXT NOT NULL,
        number INTEGER NOT NULL,
        n INTEGER NOT NULL,
        cells BLOB NOT NULL,
        PRIMARY KEY (campaign, questionnaire, area, day, channel, number)
    ) STRICT, WITHOUT ROWID;

    -- How many respondents are shown, how many of them were shown at the last step, and its number.
    CREATE TABLE pace (
        campaign TEXT NOT NULL REFERENCES campaign,
        questionnaire TEXT NOT NULL REFERENCES questionnaire,
        shown INTEGER NOT NULL,
        told INTEGER NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (campaign, questionnaire)
    ) STRICT, WITHOUT ROWID;

    -- What was shown before there were steps is the first.
    INSERT INTO step SELECT campaign, questionnaire, area, day, channel, 1, shown_n, shown_cells
        FROM tally WHERE shown_n IS NOT NULL AND fault IS NULL;
    INSERT INTO pace SELECT campaign, questionnaire, sum(n), sum(n), 1 FROM step GROUP BY campaign, questionnaire;
",
    "
    -- How many respondents are shown, by every beginning of their area's code, by day, by month and ('') at all times.
    CREATE TABLE reach (
        campaign TEXT NOT NULL REFERENCES campaign,
        questionnaire TEXT NOT NULL REFERENCES questionnaire,
        area TEXT NOT NULL,
        period TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (campaign, questionnaire, area, period)
    ) STRICT, WITHOUT ROWID;

    WITH RECURSIVE
        digits(many) AS (SELECT 0 UNION ALL SELECT many + 1 FROM digits WHERE many < 24),
        visible AS (
            SELECT campaign, questionnaire, area, day, CASE WHEN fault IS NULL THEN shown_n ELSE (
                SELECT coalesce(sum(step.n), 0) FROM step
                WHERE step.campaign = tally.campaign AND step.questionnaire = tally.questionnaire
                    AND step.area = tally.area AND step.day = tally.day AND step.channel = tally.channel
            ) END AS n
            FROM tally WHERE shown_n IS NOT NULL
        ),
        around AS (
            SELECT *, day AS period FROM visible UNION ALL SELECT *, substr(day, 1, 7) FROM visible
            UNION ALL SELECT *, '' FROM visible
        )
    INSERT INTO reach SELECT campaign, questionnaire, substr(area, 1, many), period, sum(n)
        FROM around JOIN digits ON many <= length(area) GROUP BY 1, 2, 3, 4;

    -- What is told (see disclosure.rs), by the longest beginning that the codes of its areas have in common, and period.
    CREATE TABLE told (
        campaign TEXT NOT NULL REFERENCES campaign,
        questionnaire TEXT NOT NULL REFERENCES questionnaire,
        area TEXT NOT NULL,
        period TEXT NOT NULL,
        sums BLOB NOT NULL,
        PRIMARY KEY (campaign, questionnaire, area, period)
    ) STRICT;

    -- The number of the step after which it was decided, and the count of each cell in the first.
    CREATE TABLE decision (
        campaign TEXT NOT NULL REFERENCES campaign,
        questionnaire TEXT NOT NULL REFERENCES questionnaire,
        number INTEGER NOT NULL,
        sizes BLOB NOT NULL,
        PRIMARY KEY (campaign, questionnaire)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX fault ON tally (campaign, questionnaire) WHERE fault IS NOT NULL;

    -- How often it was changed, by whomever.
    ALTER TABLE campaign ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
    CREATE TRIGGER campaign_changes AFTER UPDATE OF json ON campaign BEGIN
        UPDATE campaign SET changes = changes + 1 WHERE id = new.id;
    END;
",
    tokens::TABLE,
    "
    -- The sum of all steps up to the one that was decided on; those from before it are decided on again.
    DELETE FROM decision;
    ALTER TABLE decision ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE decision ADD COLUMN cells BLOB NOT NULL DEFAULT x'';

    -- The population to which a campaign's respondents are weighted.
    CREATE TABLE margins (
        campaign TEXT PRIMARY KEY REFERENCES campaign,
        json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    -- Whether a campaign was changed is asked with every request: its text, megabytes of many areas, is not to be read.
    CREATE INDEX changes ON campaign (id, changes);
",
    "
    -- What is told of doors (see results/fieldwork.rs), by every beginning of an area's code, by month and ('') at all
    -- times.
    CREATE TABLE told_door (
        campaign TEXT NOT NULL REFERENCES campaign,
        area TEXT NOT NULL,
        period TEXT NOT NULL,
        sum TEXT NOT NULL,
        PRIMARY KEY (campaign, area, period)
    ) STRICT;
",
];

/// From this version on the store keeps what is told of doors; before, it was reckoned for every view.
pub(super) const DOORS_TOLD: usize = 9;
