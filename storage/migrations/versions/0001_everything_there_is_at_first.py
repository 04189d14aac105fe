"""Everything there is at first."""

from alembic import op
import sqlalchemy as sa
from storage.schema import triggers
from storage.types import Instant

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('allowance',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('tokens', sa.Float(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('log', sa.JSON(), nullable=True),
    sa.Column('closed_until', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_allowance'))
    )
    op.create_table('api_token',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('expires_at', Instant(), nullable=True),
    sa.Column('fetching_until', Instant(), nullable=True),
    sa.Column('hour_at', Instant(), nullable=True),
    sa.Column('fetches', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_api_token'))
    )
    op.create_table('area',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), server_default='urban', nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('options', sa.JSON(), server_default='{}', nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['area.id'], name=op.f('fk_area_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('key', name=op.f('uq_area_key'))
    )
    with op.batch_alter_table('area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_area_path'), ['path'], unique=False)

    op.create_table('audit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('subject', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_table('bot_answer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('chat', sa.String(), nullable=False),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=True),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.Column('used_at', Instant(), nullable=True),
    sa.Column('stream', sa.String(), nullable=True),
    sa.Column('stream_until', Instant(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('photo', sa.String(), nullable=True),
    sa.Column('fetched_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bot_answer')),
    sa.UniqueConstraint('message', name=op.f('uq_bot_answer_message')),
    sa.UniqueConstraint('stream', name=op.f('uq_bot_answer_stream'))
    )
    with op.batch_alter_table('bot_answer', schema=None) as batch_op:
        batch_op.create_index('ix_bot_answer_chat', ['chat', 'expires_at'], unique=False)

    op.create_table('due',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.JSON(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('late', sa.String(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=True),
    sa.Column('state', sa.String(), server_default='pending', nullable=False),
    sa.Column('lease_until', Instant(), nullable=True),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('result', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_due')),
    sa.UniqueConstraint('key', name=op.f('uq_due_key'))
    )
    with op.batch_alter_table('due', schema=None) as batch_op:
        batch_op.create_index('ix_due_at', ['at'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.create_index('ix_due_lease', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'pending' AND lease_until IS NOT NULL"), postgresql_where=sa.text("state = 'pending' AND lease_until IS NOT NULL"))

    op.create_table('inbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('conversation', sa.String(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('received_at', Instant(), nullable=False),
    sa.Column('lane', sa.Integer(), server_default='0', nullable=False),
    sa.Column('state', sa.String(), server_default='new', nullable=False),
    sa.Column('not_before', Instant(), nullable=False),
    sa.Column('lease_until', Instant(), nullable=True),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('unsure', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox')),
    sa.UniqueConstraint('channel', 'key', name=op.f('uq_inbox_channel_key'))
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index('ix_inbox_dead', ['id'], unique=False, sqlite_where=sa.text("state = 'dead'"), postgresql_where=sa.text("state = 'dead'"))
        batch_op.create_index('ix_inbox_new', ['conversation', 'id'], unique=False, sqlite_where=sa.text("state = 'new'"), postgresql_where=sa.text("state = 'new'"))
        batch_op.create_index('ix_inbox_new_lane', ['lane', 'id'], unique=False, sqlite_where=sa.text("state = 'new'"), postgresql_where=sa.text("state = 'new'"))
        batch_op.create_index('ix_inbox_unsure', ['id'], unique=False, sqlite_where=sa.text('unsure IS NOT NULL'), postgresql_where=sa.text('unsure IS NOT NULL'))

    op.create_table('law_import',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('seen', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_law_import'))
    )
    op.create_table('law_source',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('published', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('begins', sa.String(), nullable=False),
    sa.Column('until', sa.String(), nullable=True),
    sa.Column('areas', sa.JSON(), nullable=False),
    sa.Column('articles', sa.JSON(), nullable=False),
    sa.Column('vectors', sa.LargeBinary(), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_law_source')),
    sa.UniqueConstraint('title', 'issuer', 'published', name=op.f('uq_law_source_title_issuer_published'))
    )
    op.create_table('lead',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=False),
    sa.Column('until', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_lead'))
    )
    op.create_table('nonce',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.UniqueConstraint('key', name=op.f('uq_nonce_key'))
    )
    with op.batch_alter_table('nonce', schema=None) as batch_op:
        batch_op.create_index('ix_nonce_at', ['at'], unique=False)

    op.create_table('platform_card',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('chat', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=True),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.Column('pressed_by', sa.String(), nullable=True),
    sa.Column('pressed_at', Instant(), nullable=True),
    sa.Column('links', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_card')),
    sa.UniqueConstraint('channel', 'message', name=op.f('uq_platform_card_channel_message'))
    )
    with op.batch_alter_table('platform_card', schema=None) as batch_op:
        batch_op.create_index('ix_platform_card_pressed', ['channel', 'pressed_by', 'pressed_at'], unique=False)

    op.create_table('sequence',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_sequence'))
    )
    op.create_table('subscription',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('result', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('address', 'template', name=op.f('uq_subscription_address_template'))
    )
    op.create_table('web_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('chat', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_line')),
    sa.UniqueConstraint('key', name=op.f('uq_web_line_key'))
    )
    with op.batch_alter_table('web_line', schema=None) as batch_op:
        batch_op.create_index('ix_web_line_chat_changed', ['chat', 'changed'], unique=False)

    op.create_table('area_alias',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('alias', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_area_alias_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area_alias'))
    )
    with op.batch_alter_table('area_alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_alias_alias'), ['alias'], unique=False)
        batch_op.create_index(batch_op.f('ix_area_alias_area_id'), ['area_id'], unique=False)

    op.create_table('goods',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('price', sa.Integer(), nullable=False),
    sa.Column('stock', sa.Integer(), nullable=False),
    sa.Column('monthly_limit', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.CheckConstraint('price > 0', name=op.f('ck_goods_price')),
    sa.CheckConstraint('stock >= 0', name=op.f('ck_goods_stock')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_goods_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goods')),
    sa.UniqueConstraint('key', name=op.f('uq_goods_key'))
    )
    with op.batch_alter_table('goods', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_goods_area_id'), ['area_id'], unique=False)

    op.create_table('household',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('ranked', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_household_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('key', name=op.f('uq_household_key'))
    )
    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_name'), ['name'], unique=False)

    op.create_table('person',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('script', sa.String(), server_default='hans', nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('key', sa.LargeBinary(), nullable=True),
    sa.Column('erased_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_person_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    op.create_table('project',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_project_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project')),
    sa.UniqueConstraint('key', name=op.f('uq_project_key'))
    )
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_area_id'), ['area_id'], unique=False)

    op.create_table('rule',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('number', sa.String(), server_default='', nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('per', sa.String(), server_default='deed', nullable=False),
    sa.Column('evidence', sa.String(), server_default='', nullable=False),
    sa.Column('since', sa.String(), nullable=True),
    sa.Column('until', sa.String(), nullable=True),
    sa.Column('yearly_cap', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_rule_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule')),
    sa.UniqueConstraint('area_id', 'key', 'version', name=op.f('uq_rule_area_id_key_version'))
    )
    op.create_table('service',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('like', sa.String(), nullable=False),
    sa.Column('phrases', sa.JSON(), nullable=False),
    sa.Column('department', sa.String(), nullable=True),
    sa.Column('acknowledge_minutes', sa.Integer(), nullable=True),
    sa.Column('resolve_hours', sa.Integer(), nullable=True),
    sa.Column('follow_up_days', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_service_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service')),
    sa.UniqueConstraint('area_id', 'key', name=op.f('uq_service_area_id_key'))
    )
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_area_id'), ['area_id'], unique=False)

    op.create_table('shop_session',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shop', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('ends_at', Instant(), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_shop_session_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_session')),
    sa.UniqueConstraint('key', name=op.f('uq_shop_session_key'))
    )
    with op.batch_alter_table('shop_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shop_session_area_id'), ['area_id'], unique=False)

    op.create_table('account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('channel', 'address', name=op.f('uq_account_channel_address'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_person_id'), ['person_id'], unique=False)

    op.create_table('certificate',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('masked', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('revoked_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_certificate_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('number', name=op.f('uq_certificate_number'))
    )
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_person_id'), ['person_id'], unique=False)

    op.create_table('chat',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('role', sa.String(), server_default='residents', nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), server_default='open', nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('heard_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_chat_area_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_chat_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat')),
    sa.UniqueConstraint('channel', 'address', name=op.f('uq_chat_channel_address'))
    )
    with op.batch_alter_table('chat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_chat_person_id'), ['person_id'], unique=False)

    op.create_table('check_in',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('offer', sa.String(), server_default='', nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_check_in_area_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_check_in_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in')),
    sa.UniqueConstraint('person_id', 'area_id', name=op.f('uq_check_in_person_id_area_id'))
    )
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_in_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_check_in_person_id'), ['person_id'], unique=False)

    op.create_table('code',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.JSON(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.Column('used_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_code_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code')),
    sa.UniqueConstraint('digest', name=op.f('uq_code_digest'))
    )
    op.create_table('consent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('text_version', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('withdrawn_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_consent_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_person_id'), ['person_id'], unique=False)

    op.create_table('file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_file_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file'))
    )
    with op.batch_alter_table('file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_file_digest'), ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_file_person_id'), ['person_id'], unique=False)

    op.create_table('household_member',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.Column('until', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_household_member_household_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_household_member_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_member'))
    )
    with op.batch_alter_table('household_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_member_household_id'), ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_member_person_id'), ['person_id'], unique=False)

    op.create_table('ledger_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('balance', sa.Integer(), server_default='0', nullable=False),
    sa.CheckConstraint("balance >= 0 OR kind = 'issuer'", name=op.f('ck_ledger_account_not_negative')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_ledger_account_household_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_account')),
    sa.UniqueConstraint('key', name=op.f('uq_ledger_account_key'))
    )
    with op.batch_alter_table('ledger_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_account_household_id'), ['household_id'], unique=False)

    op.create_table('need',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('about', sa.Text(), server_default='', nullable=False),
    sa.Column('skill', sa.String(), server_default='', nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('wanted_at', Instant(), nullable=True),
    sa.Column('asker_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), server_default='open', nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('done_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_need_area_id')),
    sa.ForeignKeyConstraint(['asker_id'], ['person.id'], name=op.f('fk_need_asker_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_need_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need')),
    sa.UniqueConstraint('key', name=op.f('uq_need_key'))
    )
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_need_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index('ix_need_open', ['area_id'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index(batch_op.f('ix_need_person_id'), ['person_id'], unique=False)

    op.create_table('person_alias',
    sa.Column('old_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['old_id'], ['person.id'], name=op.f('fk_person_alias_old_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_alias_person_id')),
    sa.PrimaryKeyConstraint('old_id', name=op.f('pk_person_alias'))
    )
    with op.batch_alter_table('person_alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_alias_person_id'), ['person_id'], unique=False)

    op.create_table('personal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('lookup', sa.LargeBinary(), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_personal_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal')),
    sa.UniqueConstraint('person_id', 'field', name=op.f('uq_personal_person_id_field'))
    )
    with op.batch_alter_table('personal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_lookup'), ['lookup'], unique=False)

    op.create_table('redemption',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('goods_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('draw', sa.Integer(), server_default='0', nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['goods_id'], ['goods.id'], name=op.f('fk_redemption_goods_id')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_redemption_household_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_redemption_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redemption'))
    )
    with op.batch_alter_table('redemption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_redemption_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_redemption_household_id'), ['household_id'], unique=False)

    op.create_table('staff',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_staff_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('key', name=op.f('uq_staff_key'))
    )
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_person_id'), ['person_id'], unique=False)

    op.create_table('volunteer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('skills', sa.JSON(), nullable=False),
    sa.Column('times', sa.JSON(), nullable=False),
    sa.Column('board', sa.String(), server_default='off', nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_volunteer_area_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_volunteer_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer')),
    sa.UniqueConstraint('person_id', name=op.f('uq_volunteer_person_id'))
    )
    with op.batch_alter_table('volunteer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_volunteer_area_id'), ['area_id'], unique=False)

    op.create_table('alert',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('danger', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drafter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('approver_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('drafted_at', Instant(), nullable=False),
    sa.Column('approved_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['approver_id'], ['staff.id'], name=op.f('fk_alert_approver_id')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_alert_area_id')),
    sa.ForeignKeyConstraint(['drafter_id'], ['staff.id'], name=op.f('fk_alert_drafter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert')),
    sa.UniqueConstraint('number', name=op.f('uq_alert_number'))
    )
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alert_area_id'), ['area_id'], unique=False)

    op.create_table('booking',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('window', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('starts_at', Instant(), nullable=True),
    sa.Column('proxy', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_booking_area_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_booking_owner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_booking_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking')),
    sa.UniqueConstraint('number', name=op.f('uq_booking_number'))
    )
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.create_index('ix_booking_area_window', ['area_id', 'window', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_person_id'), ['person_id'], unique=False)

    op.create_table('burden',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('messages', sa.Integer(), server_default='0', nullable=False),
    sa.Column('taps', sa.Integer(), server_default='0', nullable=False),
    sa.Column('pushes', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_burden_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_burden')),
    sa.UniqueConstraint('staff_id', 'week', name=op.f('uq_burden_staff_id_week'))
    )
    op.create_table('case_',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('spread', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('building_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('service', sa.String(), nullable=False),
    sa.Column('act', sa.String(), server_default='complaint', nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), server_default='', nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('origin_chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('level', sa.String(), server_default='grid', nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('ending', sa.String(), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('department', sa.String(), nullable=True),
    sa.Column('colour', sa.String(), server_default='yellow', nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('acknowledge_due', Instant(), nullable=True),
    sa.Column('resolve_due', Instant(), nullable=True),
    sa.Column('runs_out', Instant(), nullable=True),
    sa.Column('merged_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON(), server_default='{}', nullable=False),
    sa.CheckConstraint('spread = id % 1024', name=op.f('ck_case__spread')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_case__area_id')),
    sa.ForeignKeyConstraint(['building_id'], ['area.id'], name=op.f('fk_case__building_id')),
    sa.ForeignKeyConstraint(['merged_id'], ['case_.id'], name=op.f('fk_case__merged_id')),
    sa.ForeignKeyConstraint(['origin_chat_id'], ['chat.id'], name=op.f('fk_case__origin_chat_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_case__owner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_case__person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_')),
    sa.UniqueConstraint('number', name=op.f('uq_case__number'))
    )
    with op.batch_alter_table('case_', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case__merged_id'), ['merged_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case__person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_case_alike', ['area_id', 'service', 'opened_at'], unique=False)
        batch_op.create_index('ix_case_building', ['building_id', 'opened_at'], unique=False)
        batch_op.create_index('ix_case_new', ['opened_at', 'id'], unique=False)
        batch_op.create_index('ix_case_new_area', ['area_id', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_case_new_owner', ['owner_id', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_case_open', ['runs_out', 'id'], unique=False)
        batch_op.create_index('ix_case_open_area', ['area_id', 'runs_out', 'id'], unique=False)
        batch_op.create_index('ix_case_open_owner', ['owner_id', 'runs_out', 'id'], unique=False)
        batch_op.create_index('ix_case_status_area', ['status', 'area_id'], unique=False)

    op.create_table('chat_pulse',
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('heard_at', Instant(), nullable=True),
    sa.Column('write_left', sa.Integer(), nullable=True),
    sa.Column('write_until', Instant(), nullable=True),
    sa.Column('retry_at', Instant(), nullable=True),
    sa.Column('retry_told', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_chat_pulse_chat_id')),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_chat_pulse'))
    )
    op.create_table('commendation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('told_at', Instant(), nullable=True),
    sa.Column('granted_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_commendation_person_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_commendation_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commendation')),
    sa.UniqueConstraint('person_id', 'hours', name=op.f('uq_commendation_person_id_hours'))
    )
    op.create_table('conversation',
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.JSON(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_conversation_chat_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_conversation_person_id')),
    sa.UniqueConstraint('chat_id', 'person_id', name=op.f('uq_conversation_chat_id_person_id'))
    )
    op.create_table('duty',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('weekdays', sa.String(), nullable=False),
    sa.Column('start', sa.String(), nullable=False),
    sa.Column('end', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_duty_area_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_duty_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_area_id'), ['area_id'], unique=False)

    op.create_table('group_memory',
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('memory', sa.JSON(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_group_memory_chat_id')),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_group_memory'))
    )
    op.create_table('ledger_total',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('ranked_in', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('plus', sa.Integer(), nullable=False),
    sa.Column('minus', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_ledger_total_account_id')),
    sa.ForeignKeyConstraint(['ranked_in'], ['area.id'], name=op.f('fk_ledger_total_ranked_in')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_total')),
    sa.UniqueConstraint('account_id', 'period', name=op.f('uq_ledger_total_account_id_period'))
    )
    with op.batch_alter_table('ledger_total', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_total_ranked_in', ['ranked_in', 'period', 'points', 'account_id'], unique=False)

    op.create_table('need_offer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('need_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_offer_need_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_need_offer_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_offer')),
    sa.UniqueConstraint('need_id', 'person_id', name=op.f('uq_need_offer_need_id_person_id'))
    )
    with op.batch_alter_table('need_offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_offer_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_need_offer_person_id'), ['person_id'], unique=False)

    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('lane', sa.Integer(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('cause', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('not_before', Instant(), nullable=False),
    sa.Column('not_after', Instant(), nullable=True),
    sa.Column('state', sa.String(), server_default='new', nullable=False),
    sa.Column('lease_until', Instant(), nullable=True),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('parts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('message', sa.String(), nullable=True),
    sa.Column('sent_at', Instant(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_outbox_chat_id')),
    sa.ForeignKeyConstraint(['target_id'], ['outbox.id'], name=op.f('fk_outbox_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_key'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_chat', ['chat_id', 'id'], unique=False, sqlite_where=sa.text("state = 'new'"), postgresql_where=sa.text("state = 'new'"))
        batch_op.create_index('ix_outbox_failed', ['id'], unique=False, sqlite_where=sa.text("state = 'failed'"), postgresql_where=sa.text("state = 'failed'"))
        batch_op.create_index('ix_outbox_message', ['chat_id', 'message'], unique=False, sqlite_where=sa.text('message IS NOT NULL'), postgresql_where=sa.text('message IS NOT NULL'))
        batch_op.create_index('ix_outbox_new', ['lane', 'not_before', 'id'], unique=False, sqlite_where=sa.text("state = 'new'"), postgresql_where=sa.text("state = 'new'"))
        batch_op.create_index('ix_outbox_order', ['chat_id', 'id'], unique=False)
        batch_op.create_index('ix_outbox_waiting', ['chat_id', 'state'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('staff_role',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('department', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_staff_role_area_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_role_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_role')),
    sa.UniqueConstraint('staff_id', 'role', 'area_id', 'department', name=op.f('uq_staff_role_staff_id_role_area_id_department'))
    )
    with op.batch_alter_table('staff_role', schema=None) as batch_op:
        batch_op.create_index('ix_staff_role_area_role', ['area_id', 'role'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_role_staff_id'), ['staff_id'], unique=False)

    op.create_table('team',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('about', sa.String(), server_default='', nullable=False),
    sa.Column('leader_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_team_area_id')),
    sa.ForeignKeyConstraint(['leader_id'], ['staff.id'], name=op.f('fk_team_leader_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('key', name=op.f('uq_team_key'))
    )
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_team_leader_id'), ['leader_id'], unique=False)

    op.create_table('thread',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('subject', sa.JSON(), nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('claimed_at', Instant(), nullable=True),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('aside', sa.JSON(), server_default='[]', nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_thread_area_id')),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_thread_chat_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_thread_owner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_thread_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread')),
    sa.UniqueConstraint('number', name=op.f('uq_thread_number'))
    )
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_thread_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_thread_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_thread_state_kind', ['state', 'kind'], unique=False)

    op.create_table('transfer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('memo', sa.String(), server_default='', nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('reverses', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('previous', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.CheckConstraint('points > 0', name=op.f('ck_transfer_positive')),
    sa.CheckConstraint('source_id <> target_id', name=op.f('ck_transfer_two_accounts')),
    sa.ForeignKeyConstraint(['reverses'], ['transfer.id'], name=op.f('fk_transfer_reverses')),
    sa.ForeignKeyConstraint(['rule_id'], ['rule.id'], name=op.f('fk_transfer_rule_id')),
    sa.ForeignKeyConstraint(['source_id'], ['ledger_account.id'], name=op.f('fk_transfer_source_id')),
    sa.ForeignKeyConstraint(['target_id'], ['ledger_account.id'], name=op.f('fk_transfer_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer')),
    sa.UniqueConstraint('key', name=op.f('uq_transfer_key')),
    sa.UniqueConstraint('reverses', name=op.f('uq_transfer_reverses'))
    )
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.create_index('ix_transfer_source_at', ['source_id', 'at', 'id'], unique=False, sqlite_where=sa.text('rule_id IS NOT NULL'), postgresql_where=sa.text('rule_id IS NOT NULL'))
        batch_op.create_index('ix_transfer_source_id', ['source_id', 'id'], unique=False)
        batch_op.create_index('ix_transfer_target_at', ['target_id', 'at', 'id'], unique=False, sqlite_where=sa.text('rule_id IS NOT NULL'), postgresql_where=sa.text('rule_id IS NOT NULL'))
        batch_op.create_index('ix_transfer_target_id', ['target_id', 'id'], unique=False)

    op.create_table('walk_in',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('bound_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('bound_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['bound_id'], ['person.id'], name=op.f('fk_walk_in_bound_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_walk_in_person_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_walk_in_staff_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_walk_in'))
    )
    op.create_table('activity',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('about', sa.Text(), server_default='', nullable=False),
    sa.Column('organiser_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('skills', sa.JSON(), nullable=True),
    sa.Column('min_age', sa.Integer(), server_default='0', nullable=False),
    sa.Column('risk', sa.String(), server_default='', nullable=False),
    sa.Column('deadline_hours', sa.Integer(), server_default='0', nullable=False),
    sa.Column('cancel_hours', sa.Integer(), server_default='12', nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_activity_area_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['staff.id'], name=op.f('fk_activity_organiser_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_activity_project_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_activity_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity')),
    sa.UniqueConstraint('key', name=op.f('uq_activity_key'))
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_area_id'), ['area_id'], unique=False)

    op.create_table('alert_branch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('alert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked', sa.Integer(), server_default='0', nullable=False),
    sa.Column('received_at', Instant(), nullable=True),
    sa.Column('passed_at', Instant(), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('named_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_branch_alert_id')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_alert_branch_area_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_alert_branch_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_branch')),
    sa.UniqueConstraint('alert_id', 'area_id', name=op.f('uq_alert_branch_alert_id_area_id'))
    )
    op.create_table('alert_post',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('alert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_post_alert_id')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_alert_post_area_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_alert_post_outbox_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_post')),
    sa.UniqueConstraint('alert_id', 'area_id', 'outbox_id', name=op.f('uq_alert_post_alert_id_area_id_outbox_id'))
    )
    op.create_table('button',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('role', sa.String(), nullable=True),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('args', sa.JSON(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_button_area_id')),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_button_chat_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_button_outbox_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_button_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_button'))
    )
    with op.batch_alter_table('button', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_button_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_button_outbox_id'), ['outbox_id'], unique=False)

    op.create_table('card',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_card_chat_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_card_outbox_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card')),
    sa.UniqueConstraint('kind', 'subject_id', 'chat_id', name=op.f('uq_card_kind_subject_id_chat_id'))
    )
    op.create_table('case_bar',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('spread', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('department', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.CheckConstraint('spread = case_id % 1024', name=op.f('ck_case_bar_spread')),
    sa.ForeignKeyConstraint(['case_id'], ['case_.id'], name=op.f('fk_case_bar_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_case_bar_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_bar'))
    )
    with op.batch_alter_table('case_bar', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_bar_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_bar_department'), ['department'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_bar_staff_id'), ['staff_id'], unique=False)

    op.create_table('case_called',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('spread', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('department', sa.String(), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('spread = case_id % 1024', name=op.f('ck_case_called_spread')),
    sa.ForeignKeyConstraint(['case_id'], ['case_.id'], name=op.f('fk_case_called_case_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_case_called_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_called'))
    )
    with op.batch_alter_table('case_called', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_called_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_called_department'), ['department'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_called_staff_id'), ['staff_id'], unique=False)

    op.create_table('case_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('spread', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.CheckConstraint('spread = case_id % 1024', name=op.f('ck_case_event_spread')),
    sa.ForeignKeyConstraint(['case_id'], ['case_.id'], name=op.f('fk_case_event_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event')),
    sa.UniqueConstraint('case_id', 'seq', name=op.f('uq_case_event_case_id_seq'))
    )
    op.create_table('case_file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_.id'], name=op.f('fk_case_file_case_id')),
    sa.ForeignKeyConstraint(['file_id'], ['file.id'], name=op.f('fk_case_file_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file'))
    )
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_file_case_id'), ['case_id'], unique=False)

    op.create_table('case_party',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('via_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_.id'], name=op.f('fk_case_party_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_case_party_person_id')),
    sa.ForeignKeyConstraint(['via_id'], ['case_.id'], name=op.f('fk_case_party_via_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_party')),
    sa.UniqueConstraint('case_id', 'person_id', name=op.f('uq_case_party_case_id_person_id'))
    )
    with op.batch_alter_table('case_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_party_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_party_person_id'), ['person_id'], unique=False)

    op.create_table('case_words',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('spread', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.CheckConstraint('spread = case_id % 1024', name=op.f('ck_case_words_spread')),
    sa.ForeignKeyConstraint(['case_id'], ['case_.id'], name=op.f('fk_case_words_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_words')),
    sa.UniqueConstraint('case_id', 'seq', name=op.f('uq_case_words_case_id_seq'))
    )
    op.create_table('law_answer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reviewer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('cited', sa.JSON(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('published_at', Instant(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_law_answer_area_id')),
    sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_law_answer_author_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['staff.id'], name=op.f('fk_law_answer_reviewer_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_law_answer_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_law_answer'))
    )
    with op.batch_alter_table('law_answer', schema=None) as batch_op:
        batch_op.create_index('ix_law_answer_state', ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_law_answer_thread_id'), ['thread_id'], unique=False)

    op.create_table('mediation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('mediator_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('intake', sa.Text(), server_default='', nullable=False),
    sa.Column('place', sa.Text(), server_default='', nullable=False),
    sa.Column('plan', sa.Text(), server_default='', nullable=False),
    sa.Column('agreement', sa.Text(), server_default='', nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_mediation_area_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case_.id'], name=op.f('fk_mediation_case_id')),
    sa.ForeignKeyConstraint(['mediator_id'], ['staff.id'], name=op.f('fk_mediation_mediator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mediation')),
    sa.UniqueConstraint('number', name=op.f('uq_mediation_number'))
    )
    with op.batch_alter_table('mediation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mediation_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mediation_mediator_id'), ['mediator_id'], unique=False)

    op.create_table('proposal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('transfer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('appeal', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('proposer', sa.String(), nullable=False),
    sa.Column('proposer_person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approver_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decider_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('appeal_until', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['approver_id'], ['staff.id'], name=op.f('fk_proposal_approver_id')),
    sa.ForeignKeyConstraint(['decider_id'], ['staff.id'], name=op.f('fk_proposal_decider_id')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_proposal_household_id')),
    sa.ForeignKeyConstraint(['proposer_person_id'], ['person.id'], name=op.f('fk_proposal_proposer_person_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['rule.id'], name=op.f('fk_proposal_rule_id')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_proposal_transfer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_household_id'), ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_state'), ['state'], unique=False)

    op.create_table('team_member',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_member_person_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_member_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_member')),
    sa.UniqueConstraint('team_id', 'person_id', name=op.f('uq_team_member_team_id_person_id'))
    )
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_member_person_id'), ['person_id'], unique=False)

    op.create_table('thread_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['file.id'], name=op.f('fk_thread_line_file_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_thread_line_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_line'))
    )
    with op.batch_alter_table('thread_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_line_thread_id'), ['thread_id'], unique=False)

    op.create_table('mediation_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('mediation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['mediation_id'], ['mediation.id'], name=op.f('fk_mediation_event_mediation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mediation_event')),
    sa.UniqueConstraint('mediation_id', 'seq', name=op.f('uq_mediation_event_mediation_id_seq'))
    )
    op.create_table('mediation_party',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('mediation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('words', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['mediation_id'], ['mediation.id'], name=op.f('fk_mediation_party_mediation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mediation_party_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mediation_party')),
    sa.UniqueConstraint('mediation_id', 'side', name=op.f('uq_mediation_party_mediation_id_side'))
    )
    with op.batch_alter_table('mediation_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mediation_party_person_id'), ['person_id'], unique=False)

    op.create_table('proposal_file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('proposal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['file.id'], name=op.f('fk_proposal_file_file_id')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_file_proposal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_file'))
    )
    with op.batch_alter_table('proposal_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_file_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('shift',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('activity_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('ends_at', Instant(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), server_default='open', nullable=False),
    sa.CheckConstraint('capacity > 0', name=op.f('ck_shift_capacity')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_shift_order')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_shift_activity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift')),
    sa.UniqueConstraint('key', name=op.f('uq_shift_key'))
    )
    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shift_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_shift_starts_at'), ['starts_at'], unique=False)

    op.create_table('service_hours',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('need_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('on', Instant(), nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('reverses', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('minutes <> 0 AND (minutes > 0) = (reverses IS NULL)', name=op.f('ck_service_hours_sign')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_service_hours_area_id')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_service_hours_need_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_service_hours_person_id')),
    sa.ForeignKeyConstraint(['reverses'], ['service_hours.id'], name=op.f('fk_service_hours_reverses')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_service_hours_shift_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_hours')),
    sa.UniqueConstraint('key', name=op.f('uq_service_hours_key')),
    sa.UniqueConstraint('reverses', name=op.f('uq_service_hours_reverses'))
    )
    with op.batch_alter_table('service_hours', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_hours_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_hours_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_hours_shift_id'), ['shift_id'], unique=False)

    op.create_table('sign_up',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('came_at', Instant(), nullable=True),
    sa.Column('left_at', Instant(), nullable=True),
    sa.Column('forgot', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_up_person_id')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_sign_up_shift_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_up')),
    sa.UniqueConstraint('shift_id', 'person_id', name=op.f('uq_sign_up_shift_id_person_id'))
    )
    with op.batch_alter_table('sign_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_up_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_sign_up_shift_id_state', ['shift_id', 'state'], unique=False)

    for statement in triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("restore a backup: going back would lose rows")
