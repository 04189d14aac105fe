"""When staff are away."""

from alembic import op
import sqlalchemy as sa
from storage.types import Instant

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('staff', sa.Column('away_from', Instant(), nullable=True))
    op.add_column('staff', sa.Column('away_until', Instant(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup: going back would lose rows")
