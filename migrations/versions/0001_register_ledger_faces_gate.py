"""The register, the ledger, faces and the gate

Rules of a migration: it works while the previous release is still running; append-only tables get their triggers;
a change of data gets a test with data before and after; nothing of the program is imported.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What was said stays said: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("audit_entry", "decision")

ON_POSTGRESQL = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: % is not changed or deleted', TG_TABLE_NAME; END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("particulars", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("chain", "number", name=op.f("uq_audit_entry_chain_number")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_chain"), ["chain"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "board",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("board_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("brin", sa.String(), nullable=True),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dpia_reference", sa.String(), nullable=True),
        sa.Column("dpia_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minimum_matching_edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_school_board_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("brin", name=op.f("uq_school_brin")),
        sa.UniqueConstraint("name", name=op.f("uq_school_name")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_board_id"), ["board_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_account_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("school_id", "email", name=op.f("uq_account_school_id_email")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_school_id"), ["school_id"], unique=False)

    op.create_table(
        "channel",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "reach",
            sa.Enum("closed", "public", name="reach", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "review",
            sa.Enum("always", "doubtful", name="review", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("automatic_show", sa.Boolean(), nullable=False),
        sa.Column(
            "without_permission",
            sa.Enum("cover", "block", name="withoutpermission", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.Column("both_guardians", sa.Boolean(), nullable=False),
        sa.Column(
            "after_lapse",
            sa.Enum(
                "keep_until_answered",
                "take_down",
                name="afterlapse",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("take_down_after_days", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("minimum_edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_channel_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_channel_school_id_key")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_school_id"), ["school_id"], unique=False)

    op.create_table(
        "guardian",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("roster_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_guardian_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("school_id", "roster_key", name=op.f("uq_guardian_school_id_roster_key")),
    )
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardian_school_id"), ["school_id"], unique=False)

    op.create_table(
        "outing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("presence_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_outing_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outing")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_outing_school_id_name")),
    )
    with op.batch_alter_table("outing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outing_school_id"), ["school_id"], unique=False)

    op.create_table(
        "paper_form",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_paper_form_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
    )
    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_form_school_id"), ["school_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("roster_key", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pupil", "staff", "volunteer", name="personkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("under_age", sa.Boolean(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("keep_out", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_person_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("school_id", "roster_key", name=op.f("uq_person_school_id_roster_key")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_school_id"), ["school_id"], unique=False)

    op.create_table(
        "school_group",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("roster_key", sa.String(), nullable=False),
        sa.Column("school_year", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_group_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_group")),
        sa.UniqueConstraint(
            "school_id", "school_year", "roster_key", name=op.f("uq_school_group_school_id_school_year_roster_key")
        ),
    )
    with op.batch_alter_table("school_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_group_school_id"), ["school_id"], unique=False)

    op.create_table(
        "wording",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "publication", "face_matching", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_wording_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint(
            "school_id", "purpose", "edition", "language", name=op.f("uq_wording_school_id_purpose_edition_language")
        ),
    )
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wording_school_id"), ["school_id"], unique=False)

    op.create_table(
        "account_role",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "uploader",
                "reviewer",
                "teacher",
                "administration",
                "manager",
                "officer",
                "admin",
                "safety",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_role")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("outing_id", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("anonymising", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("maker", sa.String(), nullable=True),
        sa.Column("leave", sa.Boolean(), nullable=True),
        sa.Column("commissioned", sa.Boolean(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["outing_id"], ["outing.id"], name=op.f("fk_batch_outing_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_batch_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_outing_id"), ["outing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_school_id"), ["school_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column(
            "decider",
            sa.Enum("guardian", "self", name="decider", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("guardian_id", sa.String(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "publication", "face_matching", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "medium",
            sa.Enum(
                "photo", "film", "sound", "name", name="medium", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "yes",
                "no",
                "withdrawn",
                "taken_back",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wording_id", sa.String(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "online", "paper", "taken_over", name="source", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("paper_form_id", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(decider = 'guardian') = (guardian_id IS NOT NULL)", name=op.f("ck_decision_a_guardian_has_an_id")
        ),
        sa.CheckConstraint(
            "(purpose = 'publication') = (channel_id IS NOT NULL AND medium IS NOT NULL)",
            name=op.f("ck_decision_a_publication_has_a_place"),
        ),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_decision_channel_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_decision_guardian_id")),
        sa.ForeignKeyConstraint(["paper_form_id"], ["paper_form.id"], name=op.f("fk_decision_paper_form_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_decision_recorded_by")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_decision_school_id")),
        sa.ForeignKeyConstraint(["wording_id"], ["wording.id"], name=op.f("fk_decision_wording_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decision")),
        sa.UniqueConstraint("id", name=op.f("uq_decision_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_school_id"), ["school_id"], unique=False)

    op.create_table(
        "guardianship",
        sa.Column("guardian_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("authority", sa.Boolean(), nullable=False),
        sa.Column("authority_ended_on", sa.Date(), nullable=True),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_guardianship_guardian_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guardianship_person_id")),
        sa.PrimaryKeyConstraint("guardian_id", "person_id", name=op.f("pk_guardianship")),
    )
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardianship_person_id"), ["person_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["school_group.id"], name=op.f("fk_membership_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("person_id", "group_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "portrait",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_portrait_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portrait")),
        sa.UniqueConstraint("person_id", "sha256", name=op.f("uq_portrait_person_id_sha256")),
    )
    with op.batch_alter_table("portrait", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portrait_person_id"), ["person_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("outing_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["outing_id"], ["outing.id"], name=op.f("fk_presence_outing_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_person_id")),
        sa.PrimaryKeyConstraint("outing_id", "person_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "safety_flag",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_safety_flag_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_safety_flag")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_link_secret_hash")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "wording_channel",
        sa.Column("wording_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_wording_channel_channel_id")),
        sa.ForeignKeyConstraint(["wording_id"], ["wording.id"], name=op.f("fk_wording_channel_wording_id")),
        sa.PrimaryKeyConstraint("wording_id", "channel_id", name=op.f("pk_wording_channel")),
    )
    op.create_table(
        "batch_channel",
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_channel_batch_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_batch_channel_channel_id")),
        sa.PrimaryKeyConstraint("batch_id", "channel_id", name=op.f("pk_batch_channel")),
    )
    op.create_table(
        "template",
        sa.Column("portrait_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("sealed_vector", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_template_person_id")),
        sa.ForeignKeyConstraint(["portrait_id"], ["portrait.id"], name=op.f("fk_template_portrait_id")),
        sa.PrimaryKeyConstraint("portrait_id", name=op.f("pk_template")),
    )
    with op.batch_alter_table("template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_template_person_id"), ["person_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "refused",
                "prepared",
                "judged",
                name="uploadstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("format", sa.String(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("judged_revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_upload_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_upload_batch_id_position")),
        sa.UniqueConstraint("batch_id", "sha256", name=op.f("uq_upload_batch_id_sha256")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("upload_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "ready",
                "needs_review",
                "blocked",
                name="itemverdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_assessment_channel_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_assessment_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "channel_id", name=op.f("pk_assessment")),
    )
    op.create_table(
        "look",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_look_by")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_look_channel_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_look_upload_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_look")),
        sa.UniqueConstraint(
            "upload_id", "channel_id", "sha256", "by", name=op.f("uq_look_upload_id_channel_id_sha256_by")
        ),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_upload_id"), ["upload_id"], unique=False)

    op.create_table(
        "permit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("upload_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_permit_channel_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["account.id"], name=op.f("fk_permit_issued_by")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_permit_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
    )
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_permit_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_permit_upload_id"), ["upload_id"], unique=False)

    op.create_table(
        "rendition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("upload_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("leak", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_rendition_channel_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_rendition_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint("upload_id", "channel_id", name=op.f("uq_rendition_upload_id_channel_id")),
    )
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendition_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rendition_upload_id"), ["upload_id"], unique=False)

    op.create_table(
        "sighting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("upload_id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("top", sa.Float(), nullable=False),
        sa.Column("width", sa.Float(), nullable=False),
        sa.Column("height", sa.Float(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column(
            "certainty",
            sa.Enum(
                "face", "possible", "drawn", name="certainty", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("group_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_sighting_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint("upload_id", "ordinal", name=op.f("uq_sighting_upload_id_ordinal")),
    )
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sighting_upload_id"), ["upload_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sighting_id", sa.String(), nullable=False),
        sa.Column("naming_id", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "not_on_the_register",
                "no_idea",
                "no_face",
                name="markkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_mark_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mark_person_id")),
        sa.ForeignKeyConstraint(["sighting_id"], ["sighting.id"], name=op.f("fk_mark_sighting_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_mark")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_naming_id"), ["naming_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_sighting_id"), ["sighting_id"], unique=False)

    op.create_table(
        "probe",
        sa.Column("sighting_id", sa.String(), nullable=False),
        sa.Column("sealed_vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sighting_id"], ["sighting.id"], name=op.f("fk_probe_sighting_id")),
        sa.PrimaryKeyConstraint("sighting_id", name=op.f("pk_probe")),
    )
    op.create_table(
        "proposal",
        sa.Column("sighting_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("others", sa.String(), nullable=False),
        sa.Column("distance", sa.Float(), nullable=False),
        sa.Column("margin", sa.Float(), nullable=False),
        sa.Column(
            "strength",
            sa.Enum(
                "strict",
                "proposed",
                "unsure",
                "nobody",
                name="strength",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("look_alike", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_person_id")),
        sa.ForeignKeyConstraint(["sighting_id"], ["sighting.id"], name=op.f("fk_proposal_sighting_id")),
        sa.PrimaryKeyConstraint("sighting_id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sighting_verdict",
        sa.Column("sighting_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "show",
                "cover",
                "undecided",
                "dismissed",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_sighting_verdict_channel_id")),
        sa.ForeignKeyConstraint(["sighting_id"], ["sighting.id"], name=op.f("fk_sighting_verdict_sighting_id")),
        sa.PrimaryKeyConstraint("sighting_id", "channel_id", name=op.f("pk_sighting_verdict")),
    )
    make_append_only()


def make_append_only() -> None:
    """Put a trigger on each append-only table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(ON_POSTGRESQL)
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} is not changed or deleted'); END"
            )


def downgrade() -> None:
    op.drop_table("sighting_verdict")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_person_id"))

    op.drop_table("proposal")
    op.drop_table("probe")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_sighting_id"))
        batch_op.drop_index(batch_op.f("ix_mark_naming_id"))

    op.drop_table("mark")
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sighting_upload_id"))

    op.drop_table("sighting")
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendition_upload_id"))
        batch_op.drop_index(batch_op.f("ix_rendition_channel_id"))

    op.drop_table("rendition")
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_permit_upload_id"))
        batch_op.drop_index(batch_op.f("ix_permit_sha256"))

    op.drop_table("permit")
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_upload_id"))

    op.drop_table("look")
    op.drop_table("assessment")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_batch_id"))

    op.drop_table("upload")
    with op.batch_alter_table("template", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_template_person_id"))

    op.drop_table("template")
    op.drop_table("batch_channel")
    op.drop_table("wording_channel")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_account_id"))

    op.drop_table("sign_in_link")
    op.drop_table("safety_flag")
    op.drop_table("presence")
    with op.batch_alter_table("portrait", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portrait_person_id"))

    op.drop_table("portrait")
    op.drop_table("membership")
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardianship_person_id"))

    op.drop_table("guardianship")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_school_id"))
        batch_op.drop_index(batch_op.f("ix_decision_person_id"))

    op.drop_table("decision")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_school_id"))
        batch_op.drop_index(batch_op.f("ix_batch_outing_id"))

    op.drop_table("batch")
    op.drop_table("account_role")
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wording_school_id"))

    op.drop_table("wording")
    with op.batch_alter_table("school_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_group_school_id"))

    op.drop_table("school_group")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_school_id"))

    op.drop_table("person")
    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_form_school_id"))

    op.drop_table("paper_form")
    with op.batch_alter_table("outing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outing_school_id"))

    op.drop_table("outing")
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardian_school_id"))

    op.drop_table("guardian")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_school_id"))

    op.drop_table("channel")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_school_id"))

    op.drop_table("account")
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_board_id"))

    op.drop_table("school")
    op.drop_table("board")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_chain"))

    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
