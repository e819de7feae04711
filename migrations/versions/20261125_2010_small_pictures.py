"""A smaller copy of each picture for lists; pictures are looked up by their hash."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2010"
down_revision = "20261125_2000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pictures", recreate="never") as pictures:
        pictures.add_column(sa.Column("small_sha256", sa.String(length=64), nullable=True))
        pictures.create_index("ix_pictures_sha256", ["sha256"])
        pictures.create_index("ix_pictures_small_sha256", ["small_sha256"])


def downgrade() -> None:
    with op.batch_alter_table("pictures", recreate="never") as pictures:
        pictures.drop_index("ix_pictures_small_sha256")
        pictures.drop_index("ix_pictures_sha256")
        pictures.drop_column("small_sha256")
