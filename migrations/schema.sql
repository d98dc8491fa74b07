table muster.audit_events (row security: t, forced: t)
table muster.audit_heads (row security: t, forced: t)
table muster.audit_links (row security: t, forced: t)
table muster.audit_pending (row security: t, forced: t)
table muster.audit_personal (row security: t, forced: t)
table muster.authenticators (row security: t, forced: t)
table muster.begun_sign_ins (row security: t, forced: t)
table muster.bulk_actions (row security: t, forced: t)
table muster.bulk_batches (row security: t, forced: t)
table muster.bulk_outcomes (row security: t, forced: t)
table muster.credentials (row security: t, forced: t)
table muster.former_memberships (row security: t, forced: t)
table muster.groups (row security: t, forced: t)
table muster.import_chunks (row security: t, forced: t)
table muster.import_edits (row security: t, forced: t)
table muster.import_files (row security: t, forced: t)
table muster.import_groups (row security: t, forced: t)
table muster.import_leavers (row security: t, forced: t)
table muster.import_mappings (row security: t, forced: t)
table muster.import_rows (row security: t, forced: t) with (fillfactor=50)
table muster.imports (row security: t, forced: t)
table muster.known_browsers (row security: t, forced: t)
table muster.letter_changes (row security: t, forced: t)
table muster.links (row security: t, forced: t)
table muster.mail_pace (row security: t, forced: t)
table muster.mail_servers (row security: t, forced: t)
table muster.mail_wordings (row security: t, forced: t)
table muster.mailbox_messages (row security: t, forced: t)
table muster.member_counts (row security: t, forced: t)
table muster.memberships (row security: t, forced: t)
table muster.message_attempts (row security: t, forced: t)
table muster.message_editions (row security: t, forced: t)
table muster.messages (row security: t, forced: t)
table muster.passkeys (row security: t, forced: t)
table muster.past_logos (row security: t, forced: t)
table muster.rate_limits (row security: f, forced: f)
table muster.recovery_codes (row security: t, forced: t)
table muster.reminder_progress (row security: t, forced: t)
table muster.sessions (row security: t, forced: t)
table muster.setup_links (row security: f, forced: f)
table muster.tenant_logos (row security: t, forced: t)
table muster.tenants (row security: t, forced: t)
table muster.user_counts (row security: t, forced: t)
table muster.user_counts_daily (row security: t, forced: t)
table muster.user_search (row security: t, forced: t)
table muster.user_search_due (row security: t, forced: t)
table muster.users (row security: t, forced: t)

column audit_events.action text not null collate C
column audit_events.actor_id uuid null
column audit_events.actor_kind text not null
column audit_events.at timestamp with time zone not null
column audit_events.details jsonb not null default '{}'::jsonb
column audit_events.fields text[] not null default '{}'::text[]
column audit_events.id uuid not null
column audit_events.ip inet null
column audit_events.personal_digest bytea null
column audit_events.target_id uuid null
column audit_events.target_kind text null
column audit_events.tenant_id uuid not null
column audit_events.user_agent text null
column audit_heads.day date not null
column audit_heads.hash bytea not null
column audit_heads.position bigint not null
column audit_heads.signature bytea not null
column audit_heads.signed_at timestamp with time zone not null
column audit_heads.tenant_id uuid not null
column audit_links.event_id uuid not null
column audit_links.hash bytea not null
column audit_links.position bigint not null
column audit_links.tenant_id uuid not null
column audit_pending.event_id uuid not null
column audit_pending.tenant_id uuid not null
column audit_personal.content jsonb not null
column audit_personal.event_id uuid not null
column audit_personal.salt bytea not null
column audit_personal.target_id uuid null
column audit_personal.tenant_id uuid not null
column authenticators.last_step bigint not null
column authenticators.sealed_secret bytea not null
column authenticators.set_up_at timestamp with time zone not null
column authenticators.tenant_id uuid not null
column authenticators.user_id uuid not null
column authenticators.wrong_codes integer not null default 0
column begun_sign_ins.challenge text null
column begun_sign_ins.created_at timestamp with time zone not null
column begun_sign_ins.expires_at timestamp with time zone not null
column begun_sign_ins.id_hash bytea not null
column begun_sign_ins.link_generation integer null
column begun_sign_ins.link_purpose text null
column begun_sign_ins.must_change_password boolean not null
column begun_sign_ins.sealed_hash bytea null
column begun_sign_ins.tenant_id uuid not null
column begun_sign_ins.user_id uuid not null
column bulk_actions.action text not null
column bulk_actions.counts jsonb not null default '{}'::jsonb
column bulk_actions.finished_at timestamp with time zone null
column bulk_actions.group_ids uuid[] not null default '{}'::uuid[]
column bulk_actions.id uuid not null
column bulk_actions.next_batch integer not null default 1
column bulk_actions.people integer not null
column bulk_actions.problem text null
column bulk_actions.started_at timestamp with time zone not null
column bulk_actions.started_by uuid not null
column bulk_actions.state text not null
column bulk_actions.tenant_id uuid not null
column bulk_actions.undo_started_at timestamp with time zone null
column bulk_actions.undo_started_by uuid null
column bulk_batches.action_id uuid not null
column bulk_batches.done_at timestamp with time zone null
column bulk_batches.no integer not null
column bulk_batches.tenant_id uuid not null
column bulk_batches.user_ids uuid[] not null
column bulk_outcomes.about text not null default ''::text
column bulk_outcomes.action_id uuid not null
column bulk_outcomes.batch_no integer not null
column bulk_outcomes.outcome text not null
column bulk_outcomes.tenant_id uuid not null
column bulk_outcomes.user_ids uuid[] not null
column credentials.changed_at timestamp with time zone not null
column credentials.expires_at timestamp with time zone null
column credentials.password_hash text null
column credentials.sealed_password bytea null
column credentials.temporary boolean not null default false
column credentials.tenant_id uuid not null
column credentials.user_id uuid not null
column former_memberships.group_id uuid not null
column former_memberships.tenant_id uuid not null
column former_memberships.user_id uuid not null
column groups.active boolean not null default true
column groups.created_at timestamp with time zone not null
column groups.description text not null default ''::text
column groups.id uuid not null
column groups.name text not null
column groups.name_key text not null collate C
column groups.order_key text not null collate C default app.natural_order(name_key)
column groups.protected boolean not null default false
column groups.tenant_id uuid not null
column groups.updated_at timestamp with time zone not null
column groups.version integer not null default 1
column import_chunks.chunk_no integer not null
column import_chunks.file_no smallint not null
column import_chunks.import_id uuid not null
column import_chunks.sealed bytea not null
column import_chunks.tenant_id uuid not null
column import_edits.file_no smallint not null
column import_edits.import_id uuid not null
column import_edits.row_no integer not null
column import_edits.sealed bytea not null
column import_edits.tenant_id uuid not null
column import_files.bytes bigint not null
column import_files.choice jsonb not null default '{}'::jsonb
column import_files.file_no smallint not null
column import_files.headers_key bytea null
column import_files.import_id uuid not null
column import_files.kind text null
column import_files.name text not null
column import_files.problem text null
column import_files.recognised jsonb null
column import_files.sealed_samples bytea null
column import_files.sha256 bytea not null
column import_files.tenant_id uuid not null
column import_groups.chosen boolean not null default false
column import_groups.group_id uuid null
column import_groups.import_id uuid not null
column import_groups.made boolean not null default false
column import_groups.name text not null
column import_groups.name_key text not null collate C
column import_groups.nearest_group_id uuid null
column import_groups.rows integer not null default 0
column import_groups.tenant_id uuid not null
column import_leavers.import_id uuid not null
column import_leavers.suspend_at timestamp with time zone null
column import_leavers.suspended_at timestamp with time zone null
column import_leavers.tenant_id uuid not null
column import_leavers.ticked boolean not null default false
column import_leavers.user_id uuid not null
column import_mappings.choice jsonb not null
column import_mappings.headers_key bytea not null
column import_mappings.tenant_id uuid not null
column import_mappings.updated_at timestamp with time zone not null
column import_rows.email text not null
column import_rows.email_key text not null collate C
column import_rows.existing_id uuid null
column import_rows.file_no smallint not null
column import_rows.first_name text not null
column import_rows.given_key text not null collate C
column import_rows.group_cell text null
column import_rows.group_keys text[] not null default '{}'::text[]
column import_rows.import_id uuid not null
column import_rows.language text null
column import_rows.last_name text not null
column import_rows.name_key text not null collate C
column import_rows.notes jsonb null
column import_rows.outcome text not null
column import_rows.plan jsonb null
column import_rows.problems jsonb null
column import_rows.row_no integer not null
column import_rows.sealed_password bytea null
column import_rows.suspended boolean not null default false
column import_rows.tenant_id uuid not null
column import_rows.user_id uuid not null
column imports.all_or_nothing boolean not null default false
column imports.applied_file smallint not null default 0
column imports.applied_row integer not null default 0
column imports.check_attempts smallint not null default 0
column imports.counts jsonb not null default '{}'::jsonb
column imports.create_missing_groups boolean not null default false
column imports.created_at timestamp with time zone not null
column imports.created_by uuid null
column imports.drift jsonb null
column imports.existing text not null default 'skip'::text
column imports.finished_at timestamp with time zone null
column imports.id uuid not null
column imports.leavers_grace_days smallint not null default 14
column imports.mail text not null default 'now'::text
column imports.mail_at timestamp with time zone null
column imports.mail_time_zone text null
column imports.plan jsonb null
column imports.problem text null
column imports.retry_at timestamp with time zone null
column imports.rows_forgotten boolean not null default false
column imports.source text null
column imports.started_at timestamp with time zone null
column imports.started_by uuid null
column imports.state text not null
column imports.tenant_id uuid not null
column imports.trouble text null
column imports.trouble_since timestamp with time zone null
column imports.undo_started_at timestamp with time zone null
column imports.undo_started_by uuid null
column imports.updated_at timestamp with time zone not null
column imports.wiped boolean not null default false
column known_browsers.first_seen_at timestamp with time zone not null
column known_browsers.id uuid not null
column known_browsers.id_hash bytea not null
column known_browsers.ip text null
column known_browsers.last_seen_at timestamp with time zone not null
column known_browsers.tenant_id uuid not null
column known_browsers.user_agent text not null
column known_browsers.user_id uuid not null
column letter_changes.from_at timestamp with time zone not null
column letter_changes.no integer not null
column letter_changes.part text not null
column letter_changes.tenant_id uuid not null
column letter_changes.was jsonb not null
column links.expires_at timestamp with time zone not null
column links.generation integer not null default 1
column links.made_at timestamp with time zone not null
column links.purpose text not null
column links.revoked_at timestamp with time zone null
column links.tenant_id uuid not null
column links.used_at timestamp with time zone null
column links.user_id uuid not null
column mail_pace.day date not null
column mail_pace.free_at timestamp with time zone not null
column mail_pace.tenant_id uuid not null
column mail_pace.used integer not null
column mail_servers.bounce_address text null
column mail_servers.from_address text not null
column mail_servers.host text not null
column mail_servers.login_user text null
column mail_servers.port integer not null
column mail_servers.revision uuid not null
column mail_servers.sealed_password bytea null
column mail_servers.security text not null
column mail_servers.tenant_id uuid not null
column mail_servers.updated_at timestamp with time zone not null
column mail_wordings.kind text not null
column mail_wordings.language text not null
column mail_wordings.tenant_id uuid not null
column mail_wordings.updated_at timestamp with time zone not null
column mail_wordings.version integer not null
column mail_wordings.words jsonb not null
column mailbox_messages.id uuid not null
column mailbox_messages.received_at timestamp with time zone not null
column mailbox_messages.recipient text not null
column mailbox_messages.sealed_source bytea not null
column mailbox_messages.subject text not null
column mailbox_messages.tenant_id uuid not null
column member_counts.group_id uuid not null
column member_counts.id uuid not null
column member_counts.members integer not null
column member_counts.tenant_id uuid not null
column memberships.group_id uuid not null
column memberships.tenant_id uuid not null
column memberships.user_id uuid not null
column message_attempts.at timestamp with time zone not null
column message_attempts.message_id uuid not null
column message_attempts.no smallint not null
column message_attempts.outcome text not null
column message_attempts.reply text null
column message_attempts.tenant_id uuid not null
column message_editions.edition integer not null
column message_editions.message_id uuid not null
column message_editions.tenant_id uuid not null
column messages.about uuid null
column messages.attempts smallint not null default 0
column messages.claimed_by bigint null
column messages.created_at timestamp with time zone not null
column messages.due_at timestamp with time zone not null
column messages.finished_at timestamp with time zone null
column messages.first boolean not null default false
column messages.id uuid not null
column messages.kind text not null
column messages.last_reply text null
column messages.not_before timestamp with time zone null
column messages.recipient text null
column messages.recipient_key text null collate C
column messages.state text not null default 'queued'::text
column messages.tenant_id uuid not null
column messages.user_id uuid not null
column messages.was_held boolean not null default false
column passkeys.created_at timestamp with time zone not null
column passkeys.credential_id bytea not null
column passkeys.holder_verified boolean not null default false
column passkeys.id uuid not null
column passkeys.last_used_at timestamp with time zone null
column passkeys.name text not null
column passkeys.public_key bytea not null
column passkeys.sign_count bigint not null
column passkeys.tenant_id uuid not null
column passkeys.transports text[] not null
column passkeys.user_id uuid not null
column past_logos.content bytea not null
column past_logos.digest text not null
column past_logos.media_type text not null
column past_logos.replaced_at timestamp with time zone not null
column past_logos.tenant_id uuid not null
column rate_limits.expire bigint null
column rate_limits.key text not null
column rate_limits.points integer not null default 0
column recovery_codes.code_hash bytea not null
column recovery_codes.made_at timestamp with time zone not null
column recovery_codes.tenant_id uuid not null
column recovery_codes.used_at timestamp with time zone null
column recovery_codes.user_id uuid not null
column reminder_progress.reminded_until timestamp with time zone not null
column reminder_progress.tenant_id uuid not null
column sessions.challenge text null
column sessions.confirmed_at timestamp with time zone null
column sessions.created_at timestamp with time zone not null
column sessions.expires_at timestamp with time zone not null
column sessions.factor_at timestamp with time zone null
column sessions.id_hash bytea not null
column sessions.ip inet null
column sessions.last_seen_at timestamp with time zone not null
column sessions.must_change_password boolean not null default false
column sessions.tenant_id uuid not null
column sessions.user_agent text null
column sessions.user_id uuid not null
column setup_links.expires_at timestamp with time zone not null
column setup_links.secret_hash bytea not null
column setup_links.used_at timestamp with time zone null
column tenant_logos.content bytea not null
column tenant_logos.digest text not null
column tenant_logos.media_type text not null
column tenant_logos.tenant_id uuid not null
column tenants.created_at timestamp with time zone not null default now()
column tenants.erase_at timestamp with time zone null
column tenants.id uuid not null
column tenants.name text not null
column tenants.settings jsonb not null default '{}'::jsonb
column tenants.settings_version integer not null default 1
column tenants.slug text not null collate C
column tenants.status text not null default 'active'::text
column tenants.status_before text null
column tenants.updated_at timestamp with time zone not null default now()
column user_counts.has_factor boolean not null default false
column user_counts.id uuid not null
column user_counts.people integer not null
column user_counts.role text not null
column user_counts.signed_in boolean not null
column user_counts.status text not null
column user_counts.tenant_id uuid not null
column user_counts_daily.active integer null
column user_counts_daily.day date not null
column user_counts_daily.invited integer null
column user_counts_daily.people integer not null
column user_counts_daily.suspended integer null
column user_counts_daily.tenant_id uuid not null
column user_search.name_key text not null collate C
column user_search.tenant_id uuid not null
column user_search.user_id uuid not null
column user_search.words text not null collate C
column user_search_due.id uuid not null
column user_search_due.tenant_id uuid not null
column user_search_due.user_ids uuid[] not null
column users.created_at timestamp with time zone not null
column users.deleted_at timestamp with time zone null
column users.email text not null
column users.email_key text not null collate C
column users.erase_at timestamp with time zone null
column users.first_name text not null
column users.given_key text not null collate C
column users.has_factor boolean not null default false
column users.id uuid not null
column users.language text null
column users.last_name text not null
column users.last_sign_in_at timestamp with time zone null
column users.mail_failed_at timestamp with time zone null
column users.mail_failed_reply text null
column users.name_key text not null collate C
column users.role text not null default 'member'::text
column users.signed_out_at timestamp with time zone null
column users.status text not null
column users.status_changed_at timestamp with time zone null
column users.tenant_id uuid not null
column users.updated_at timestamp with time zone not null
column users.version integer not null default 1

constraint audit_events.audit_events_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'system'::text, 'operator'::text, 'anonymous'::text])))
constraint audit_events.audit_events_pkey PRIMARY KEY (tenant_id, id)
constraint audit_heads.audit_heads_pkey PRIMARY KEY (tenant_id, day)
constraint audit_links.audit_links_event_key UNIQUE (tenant_id, event_id)
constraint audit_links.audit_links_pkey PRIMARY KEY (tenant_id, "position")
constraint audit_pending.audit_pending_pkey PRIMARY KEY (tenant_id, event_id)
constraint audit_personal.audit_personal_pkey PRIMARY KEY (tenant_id, event_id)
constraint authenticators.authenticators_pkey PRIMARY KEY (tenant_id, user_id)
constraint begun_sign_ins.begun_sign_ins_link_check CHECK ((num_nulls(sealed_hash, link_purpose, link_generation) = ANY (ARRAY[0, 3])))
constraint begun_sign_ins.begun_sign_ins_pkey PRIMARY KEY (tenant_id, id_hash)
constraint bulk_actions.bulk_actions_pkey PRIMARY KEY (tenant_id, id)
constraint bulk_actions.bulk_actions_state_check CHECK ((state = ANY (ARRAY['running'::text, 'finished'::text, 'cancelled'::text, 'undoing'::text, 'undone'::text])))
constraint bulk_batches.bulk_batches_pkey PRIMARY KEY (tenant_id, action_id, no)
constraint bulk_outcomes.bulk_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['changed'::text, 'unchanged'::text, 'refused'::text, 'undone'::text, 'kept'::text])))
constraint bulk_outcomes.bulk_outcomes_pkey PRIMARY KEY (tenant_id, action_id, batch_no, outcome, about)
constraint credentials.credentials_pkey PRIMARY KEY (tenant_id, user_id)
constraint former_memberships.former_memberships_pkey PRIMARY KEY (tenant_id, user_id, group_id)
constraint groups.groups_name_key UNIQUE (tenant_id, name_key)
constraint groups.groups_pkey PRIMARY KEY (tenant_id, id)
constraint import_chunks.import_chunks_pkey PRIMARY KEY (tenant_id, import_id, file_no, chunk_no)
constraint import_edits.import_edits_pkey PRIMARY KEY (tenant_id, import_id, file_no, row_no)
constraint import_files.import_files_kind_check CHECK ((kind = ANY (ARRAY['create'::text, 'invite'::text])))
constraint import_files.import_files_pkey PRIMARY KEY (tenant_id, import_id, file_no)
constraint import_groups.import_groups_pkey PRIMARY KEY (tenant_id, import_id, name_key)
constraint import_leavers.import_leavers_pkey PRIMARY KEY (tenant_id, import_id, user_id)
constraint import_mappings.import_mappings_pkey PRIMARY KEY (tenant_id, headers_key)
constraint import_rows.import_rows_outcome_check CHECK ((outcome = ANY (ARRAY['ready'::text, 'problem'::text, 'duplicate'::text, 'existing'::text, 'unknown_group'::text, 'update'::text, 'unchanged'::text, 'created'::text, 'invited'::text, 'suspended'::text, 'updated'::text, 'skipped'::text, 'conflict'::text, 'undone'::text, 'kept'::text])))
constraint import_rows.import_rows_pkey PRIMARY KEY (tenant_id, import_id, file_no, row_no)
constraint imports.imports_existing_check CHECK ((existing = ANY (ARRAY['skip'::text, 'add_groups'::text, 'replace_groups'::text])))
constraint imports.imports_leavers_grace_days_check CHECK (((leavers_grace_days >= 0) AND (leavers_grace_days <= 90)))
constraint imports.imports_mail_check CHECK ((mail = ANY (ARRAY['now'::text, 'hold'::text, 'schedule'::text])))
constraint imports.imports_pkey PRIMARY KEY (tenant_id, id)
constraint imports.imports_state_check CHECK ((state = ANY (ARRAY['uploading'::text, 'checking'::text, 'checked'::text, 'applying'::text, 'finished'::text, 'cancelled'::text, 'failed'::text, 'undoing'::text, 'undo_stopped'::text, 'undone'::text])))
constraint imports.imports_trouble_check CHECK ((trouble = ANY (ARRAY['away'::text, 'disk_full'::text, 'out_of_memory'::text])))
constraint known_browsers.known_browsers_pkey PRIMARY KEY (tenant_id, user_id, id_hash)
constraint letter_changes.letter_changes_pkey PRIMARY KEY (tenant_id, no)
constraint links.links_pkey PRIMARY KEY (tenant_id, user_id, purpose)
constraint links.links_purpose_check CHECK ((purpose = ANY (ARRAY['invitation'::text, 'reset'::text, 'set_password'::text])))
constraint mail_pace.mail_pace_pkey PRIMARY KEY (tenant_id)
constraint mail_servers.mail_servers_login_check CHECK (((login_user IS NULL) = (sealed_password IS NULL)))
constraint mail_servers.mail_servers_pkey PRIMARY KEY (tenant_id)
constraint mail_servers.mail_servers_port_check CHECK (((port >= 1) AND (port <= 65535)))
constraint mail_servers.mail_servers_security_check CHECK ((security = ANY (ARRAY['tls'::text, 'starttls'::text, 'none'::text])))
constraint mail_wordings.mail_wordings_pkey PRIMARY KEY (tenant_id, kind, language)
constraint mailbox_messages.mailbox_messages_pkey PRIMARY KEY (tenant_id, id)
constraint member_counts.member_counts_pkey PRIMARY KEY (tenant_id, group_id, id)
constraint memberships.memberships_pkey PRIMARY KEY (tenant_id, user_id, group_id)
constraint message_attempts.message_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['deferred'::text, 'refused'::text, 'expired'::text, 'delayed'::text, 'bounced'::text])))
constraint message_attempts.message_attempts_pkey PRIMARY KEY (tenant_id, message_id, outcome, no)
constraint message_editions.message_editions_pkey PRIMARY KEY (tenant_id, message_id)
constraint messages.messages_pkey PRIMARY KEY (tenant_id, id)
constraint messages.messages_state_check CHECK ((state = ANY (ARRAY['held'::text, 'queued'::text, 'sending'::text, 'deferred'::text, 'accepted'::text, 'refused'::text, 'bounced'::text, 'expired'::text, 'withdrawn'::text])))
constraint passkeys.passkeys_credential_id_key UNIQUE (tenant_id, credential_id)
constraint passkeys.passkeys_pkey PRIMARY KEY (tenant_id, user_id, id)
constraint past_logos.past_logos_pkey PRIMARY KEY (tenant_id, digest)
constraint rate_limits.rate_limits_pkey PRIMARY KEY (key)
constraint recovery_codes.recovery_codes_pkey PRIMARY KEY (tenant_id, user_id, code_hash)
constraint reminder_progress.reminder_progress_pkey PRIMARY KEY (tenant_id)
constraint sessions.sessions_pkey PRIMARY KEY (tenant_id, id_hash)
constraint setup_links.setup_links_pkey PRIMARY KEY (secret_hash)
constraint tenant_logos.tenant_logos_content_check CHECK ((octet_length(content) <= 262144))
constraint tenant_logos.tenant_logos_media_type_check CHECK ((media_type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text, 'image/webp'::text])))
constraint tenant_logos.tenant_logos_pkey PRIMARY KEY (tenant_id)
constraint tenants.tenants_pkey PRIMARY KEY (id)
constraint tenants.tenants_slug_key UNIQUE (slug)
constraint tenants.tenants_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'deleted'::text, 'erased'::text])))
constraint user_counts.user_counts_pkey PRIMARY KEY (tenant_id, id, status, role, signed_in, has_factor)
constraint user_counts_daily.user_counts_daily_pkey PRIMARY KEY (tenant_id, day)
constraint user_search.user_search_pkey PRIMARY KEY (tenant_id, user_id)
constraint user_search_due.user_search_due_pkey PRIMARY KEY (tenant_id, id)
constraint users.users_pkey PRIMARY KEY (tenant_id, id)
constraint users.users_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'administrator'::text, 'user_administrator'::text, 'auditor'::text, 'member'::text])))
constraint users.users_status_check CHECK ((status = ANY (ARRAY['invited'::text, 'active'::text, 'suspended'::text])))

CREATE INDEX audit_events_action ON muster.audit_events USING btree (tenant_id, action, at, id)
CREATE INDEX audit_events_actor ON muster.audit_events USING btree (tenant_id, actor_id, at, id) WHERE (actor_id IS NOT NULL)
CREATE INDEX audit_events_ip ON muster.audit_events USING btree (tenant_id, ip, at, id) WHERE (ip IS NOT NULL)
CREATE INDEX audit_events_newest ON muster.audit_events USING btree (tenant_id, at, id)
CREATE INDEX audit_events_nobody ON muster.audit_events USING btree (tenant_id, actor_kind, at, id) WHERE (actor_id IS NULL)
CREATE INDEX audit_events_target ON muster.audit_events USING btree (tenant_id, target_id, at, id) WHERE (target_id IS NOT NULL)
CREATE INDEX audit_personal_target ON muster.audit_personal USING btree (tenant_id, target_id)
CREATE INDEX begun_sign_ins_user ON muster.begun_sign_ins USING btree (tenant_id, user_id)
CREATE INDEX bulk_actions_at_work ON muster.bulk_actions USING btree (tenant_id, id) WHERE (state = ANY (ARRAY['running'::text, 'undoing'::text]))
CREATE INDEX bulk_actions_latest ON muster.bulk_actions USING btree (tenant_id, started_at, id)
CREATE INDEX credentials_unhashed ON muster.credentials USING btree (tenant_id, user_id) WHERE ((password_hash IS NULL) AND (sealed_password IS NOT NULL))
CREATE INDEX former_memberships_group ON muster.former_memberships USING btree (tenant_id, group_id)
CREATE INDEX groups_by_order ON muster.groups USING btree (tenant_id, order_key, id)
CREATE INDEX import_files_sha256 ON muster.import_files USING btree (tenant_id, sha256)
CREATE INDEX import_leavers_due ON muster.import_leavers USING btree (tenant_id, suspend_at) WHERE ((suspend_at IS NOT NULL) AND (suspended_at IS NULL))
CREATE INDEX import_rows_existing ON muster.import_rows USING btree (tenant_id, existing_id) WHERE (existing_id IS NOT NULL)
CREATE INDEX import_rows_user ON muster.import_rows USING btree (tenant_id, user_id)
CREATE INDEX imports_created ON muster.imports USING btree (tenant_id, created_at DESC, id)
CREATE INDEX imports_rows_to_forget ON muster.imports USING btree (tenant_id, finished_at) WHERE (NOT rows_forgotten)
CREATE INDEX imports_source ON muster.imports USING btree (tenant_id, source) WHERE (source IS NOT NULL)
CREATE INDEX imports_to_wipe ON muster.imports USING btree (tenant_id, id) WHERE (NOT wiped)
CREATE INDEX imports_undoing ON muster.imports USING btree (tenant_id, id) WHERE (state = 'undoing'::text)
CREATE INDEX known_browsers_last_seen ON muster.known_browsers USING btree (last_seen_at)
CREATE INDEX links_open_invitations ON muster.links USING btree (tenant_id, expires_at, user_id) WHERE ((purpose = 'invitation'::text) AND (used_at IS NULL) AND (revoked_at IS NULL))
CREATE INDEX mailbox_messages_received ON muster.mailbox_messages USING btree (received_at)
CREATE INDEX memberships_group ON muster.memberships USING btree (tenant_id, group_id, user_id)
CREATE INDEX messages_due ON muster.messages USING btree (tenant_id, due_at) WHERE (state = ANY (ARRAY['queued'::text, 'deferred'::text]))
CREATE INDEX messages_failed ON muster.messages USING btree (tenant_id, user_id) WHERE (state = ANY (ARRAY['refused'::text, 'bounced'::text, 'expired'::text]))
CREATE INDEX messages_first ON muster.messages USING btree (tenant_id, due_at) WHERE (first AND (state = ANY (ARRAY['queued'::text, 'deferred'::text])))
CREATE INDEX messages_invited ON muster.messages USING btree (tenant_id, finished_at) WHERE ((kind = 'user.invited'::text) AND (state = 'accepted'::text))
CREATE INDEX messages_kept ON muster.messages USING btree (tenant_id, id) WHERE ((state = 'accepted'::text) AND (last_reply = 'Kept in the built-in mailbox: no mail server is configured.'::text))
CREATE INDEX messages_recipient ON muster.messages USING btree (tenant_id, recipient_key, finished_at) WHERE ((state = ANY (ARRAY['accepted'::text, 'bounced'::text])) AND (recipient_key IS NOT NULL))
CREATE INDEX messages_sending ON muster.messages USING btree (tenant_id, claimed_by) WHERE (state = 'sending'::text)
CREATE INDEX messages_state ON muster.messages USING btree (tenant_id, state, id) WHERE (state <> 'sending'::text)
CREATE INDEX messages_user ON muster.messages USING btree (tenant_id, user_id)
CREATE INDEX sessions_user ON muster.sessions USING btree (tenant_id, user_id)
CREATE INDEX tenants_to_erase ON muster.tenants USING btree (erase_at) WHERE (erase_at IS NOT NULL)
CREATE INDEX user_search_words ON muster.user_search USING gin (words app.gin_trgm_ops)
CREATE INDEX users_created ON muster.users USING btree (tenant_id, created_at, id) INCLUDE (status, has_factor) WHERE (deleted_at IS NULL)
CREATE INDEX users_deleted ON muster.users USING btree (tenant_id, deleted_at, id) WHERE (deleted_at IS NOT NULL)
CREATE INDEX users_given ON muster.users USING btree (tenant_id, given_key) WHERE (deleted_at IS NULL)
CREATE INDEX users_mail_failed ON muster.users USING btree (tenant_id, id) WHERE (mail_failed_at IS NOT NULL)
CREATE INDEX users_name ON muster.users USING btree (tenant_id, name_key, id) WHERE (deleted_at IS NULL)
CREATE INDEX users_signed_in ON muster.users USING btree (tenant_id, last_sign_in_at NULLS FIRST, id) WHERE (deleted_at IS NULL)
CREATE INDEX users_staff ON muster.users USING btree (tenant_id, id) WHERE ((role <> 'member'::text) AND (deleted_at IS NULL))
CREATE INDEX users_status ON muster.users USING btree (tenant_id, status, has_factor, id) WHERE (deleted_at IS NULL)
CREATE INDEX users_to_erase ON muster.users USING btree (tenant_id, erase_at) WHERE (erase_at IS NOT NULL)
CREATE UNIQUE INDEX audit_events_pkey ON muster.audit_events USING btree (tenant_id, id)
CREATE UNIQUE INDEX audit_heads_pkey ON muster.audit_heads USING btree (tenant_id, day)
CREATE UNIQUE INDEX audit_links_event_key ON muster.audit_links USING btree (tenant_id, event_id)
CREATE UNIQUE INDEX audit_links_pkey ON muster.audit_links USING btree (tenant_id, "position")
CREATE UNIQUE INDEX audit_pending_pkey ON muster.audit_pending USING btree (tenant_id, event_id)
CREATE UNIQUE INDEX audit_personal_pkey ON muster.audit_personal USING btree (tenant_id, event_id)
CREATE UNIQUE INDEX authenticators_pkey ON muster.authenticators USING btree (tenant_id, user_id)
CREATE UNIQUE INDEX begun_sign_ins_pkey ON muster.begun_sign_ins USING btree (tenant_id, id_hash)
CREATE UNIQUE INDEX bulk_actions_pkey ON muster.bulk_actions USING btree (tenant_id, id)
CREATE UNIQUE INDEX bulk_batches_pkey ON muster.bulk_batches USING btree (tenant_id, action_id, no)
CREATE UNIQUE INDEX bulk_outcomes_pkey ON muster.bulk_outcomes USING btree (tenant_id, action_id, batch_no, outcome, about)
CREATE UNIQUE INDEX credentials_pkey ON muster.credentials USING btree (tenant_id, user_id)
CREATE UNIQUE INDEX former_memberships_pkey ON muster.former_memberships USING btree (tenant_id, user_id, group_id)
CREATE UNIQUE INDEX groups_name_key ON muster.groups USING btree (tenant_id, name_key)
CREATE UNIQUE INDEX groups_pkey ON muster.groups USING btree (tenant_id, id)
CREATE UNIQUE INDEX import_chunks_pkey ON muster.import_chunks USING btree (tenant_id, import_id, file_no, chunk_no)
CREATE UNIQUE INDEX import_edits_pkey ON muster.import_edits USING btree (tenant_id, import_id, file_no, row_no)
CREATE UNIQUE INDEX import_files_pkey ON muster.import_files USING btree (tenant_id, import_id, file_no)
CREATE UNIQUE INDEX import_groups_pkey ON muster.import_groups USING btree (tenant_id, import_id, name_key)
CREATE UNIQUE INDEX import_leavers_pkey ON muster.import_leavers USING btree (tenant_id, import_id, user_id)
CREATE UNIQUE INDEX import_mappings_pkey ON muster.import_mappings USING btree (tenant_id, headers_key)
CREATE UNIQUE INDEX import_rows_pkey ON muster.import_rows USING btree (tenant_id, import_id, file_no, row_no)
CREATE UNIQUE INDEX imports_pkey ON muster.imports USING btree (tenant_id, id)
CREATE UNIQUE INDEX known_browsers_pkey ON muster.known_browsers USING btree (tenant_id, user_id, id_hash)
CREATE UNIQUE INDEX letter_changes_pkey ON muster.letter_changes USING btree (tenant_id, no)
CREATE UNIQUE INDEX links_pkey ON muster.links USING btree (tenant_id, user_id, purpose)
CREATE UNIQUE INDEX mail_pace_pkey ON muster.mail_pace USING btree (tenant_id)
CREATE UNIQUE INDEX mail_servers_pkey ON muster.mail_servers USING btree (tenant_id)
CREATE UNIQUE INDEX mail_wordings_pkey ON muster.mail_wordings USING btree (tenant_id, kind, language)
CREATE UNIQUE INDEX mailbox_messages_pkey ON muster.mailbox_messages USING btree (tenant_id, id)
CREATE UNIQUE INDEX member_counts_pkey ON muster.member_counts USING btree (tenant_id, group_id, id)
CREATE UNIQUE INDEX memberships_pkey ON muster.memberships USING btree (tenant_id, user_id, group_id)
CREATE UNIQUE INDEX message_attempts_pkey ON muster.message_attempts USING btree (tenant_id, message_id, outcome, no)
CREATE UNIQUE INDEX message_editions_pkey ON muster.message_editions USING btree (tenant_id, message_id)
CREATE UNIQUE INDEX messages_pkey ON muster.messages USING btree (tenant_id, id)
CREATE UNIQUE INDEX passkeys_credential_id_key ON muster.passkeys USING btree (tenant_id, credential_id)
CREATE UNIQUE INDEX passkeys_pkey ON muster.passkeys USING btree (tenant_id, user_id, id)
CREATE UNIQUE INDEX past_logos_pkey ON muster.past_logos USING btree (tenant_id, digest)
CREATE UNIQUE INDEX rate_limits_pkey ON muster.rate_limits USING btree (key)
CREATE UNIQUE INDEX recovery_codes_pkey ON muster.recovery_codes USING btree (tenant_id, user_id, code_hash)
CREATE UNIQUE INDEX reminder_progress_pkey ON muster.reminder_progress USING btree (tenant_id)
CREATE UNIQUE INDEX sessions_pkey ON muster.sessions USING btree (tenant_id, id_hash)
CREATE UNIQUE INDEX setup_links_pkey ON muster.setup_links USING btree (secret_hash)
CREATE UNIQUE INDEX tenant_logos_pkey ON muster.tenant_logos USING btree (tenant_id)
CREATE UNIQUE INDEX tenants_pkey ON muster.tenants USING btree (id)
CREATE UNIQUE INDEX tenants_slug_key ON muster.tenants USING btree (slug)
CREATE UNIQUE INDEX user_counts_daily_pkey ON muster.user_counts_daily USING btree (tenant_id, day)
CREATE UNIQUE INDEX user_counts_pkey ON muster.user_counts USING btree (tenant_id, id, status, role, signed_in, has_factor)
CREATE UNIQUE INDEX user_search_due_pkey ON muster.user_search_due USING btree (tenant_id, id)
CREATE UNIQUE INDEX user_search_pkey ON muster.user_search USING btree (tenant_id, user_id)
CREATE UNIQUE INDEX users_email_key ON muster.users USING btree (tenant_id, email_key) WHERE (deleted_at IS NULL)
CREATE UNIQUE INDEX users_pkey ON muster.users USING btree (tenant_id, id)

policy audit_events.closed_months (restrictive, DELETE) to {muster_system} using ((at < date_trunc('month'::text, now(), 'UTC'::text)) OR (at > (now() + '1 day'::interval)) OR (EXISTS ( SELECT FROM muster.tenants t WHERE ((t.id = audit_events.tenant_id) AND (t.status = 'erased'::text))))) check 
policy audit_events.system_rows to {muster_system} using true check true
policy audit_events.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy audit_heads.system_rows to {muster_system} using true check true
policy audit_heads.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy audit_links.system_rows to {muster_system} using true check true
policy audit_links.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy audit_pending.system_rows to {muster_system} using true check true
policy audit_pending.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy audit_personal.system_rows to {muster_system} using true check true
policy audit_personal.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy authenticators.system_rows to {muster_system} using true check true
policy authenticators.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy begun_sign_ins.system_rows to {muster_system} using true check true
policy begun_sign_ins.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy bulk_actions.system_rows to {muster_system} using true check true
policy bulk_actions.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy bulk_batches.system_rows to {muster_system} using true check true
policy bulk_batches.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy bulk_outcomes.system_rows to {muster_system} using true check true
policy bulk_outcomes.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy credentials.system_rows to {muster_system} using true check true
policy credentials.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy former_memberships.system_rows to {muster_system} using true check true
policy former_memberships.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy groups.system_rows to {muster_system} using true check true
policy groups.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy import_chunks.system_rows to {muster_system} using true check true
policy import_chunks.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy import_edits.system_rows to {muster_system} using true check true
policy import_edits.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy import_files.system_rows to {muster_system} using true check true
policy import_files.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy import_groups.system_rows to {muster_system} using true check true
policy import_groups.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy import_leavers.system_rows to {muster_system} using true check true
policy import_leavers.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy import_mappings.system_rows to {muster_system} using true check true
policy import_mappings.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy import_rows.system_rows to {muster_system} using true check true
policy import_rows.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy imports.system_rows to {muster_system} using true check true
policy imports.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy known_browsers.system_rows to {muster_system} using true check true
policy known_browsers.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy letter_changes.system_rows to {muster_system} using true check true
policy letter_changes.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy links.system_rows to {muster_system} using true check true
policy links.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy mail_pace.system_rows to {muster_system} using true check true
policy mail_pace.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy mail_servers.system_rows to {muster_system} using true check true
policy mail_servers.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy mail_wordings.system_rows to {muster_system} using true check true
policy mail_wordings.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy mailbox_messages.system_rows to {muster_system} using true check true
policy mailbox_messages.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy member_counts.system_rows to {muster_system} using true check true
policy member_counts.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy memberships.system_rows to {muster_system} using true check true
policy memberships.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy message_attempts.system_rows to {muster_system} using true check true
policy message_attempts.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy message_editions.system_rows to {muster_system} using true check true
policy message_editions.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy messages.system_rows to {muster_system} using true check true
policy messages.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy passkeys.system_rows to {muster_system} using true check true
policy passkeys.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy past_logos.system_rows to {muster_system} using true check true
policy past_logos.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy recovery_codes.system_rows to {muster_system} using true check true
policy recovery_codes.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy reminder_progress.system_rows to {muster_system} using true check true
policy reminder_progress.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy sessions.system_rows to {muster_system} using true check true
policy sessions.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy tenant_logos.system_rows to {muster_system} using true check true
policy tenant_logos.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy tenants.system_rows to {muster_system} using true check true
policy tenants.tenant_rows to {muster_app} using (id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy user_counts.system_rows to {muster_system} using true check true
policy user_counts.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy user_counts_daily.system_rows to {muster_system} using true check true
policy user_counts_daily.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy user_search.search_rows to {muster_owner} using true check 
policy user_search.system_rows to {muster_system} using true check true
policy user_search.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy user_search_due.system_rows to {muster_system} using true check true
policy user_search_due.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)
policy users.system_rows to {muster_system} using true check true
policy users.tenant_rows to {muster_app} using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)

grant DELETE, INSERT, SELECT on audit_events to muster_system
grant DELETE, INSERT, SELECT on audit_links to muster_system
grant DELETE, INSERT, SELECT on audit_pending to muster_system
grant DELETE, INSERT, SELECT on audit_personal to muster_app
grant DELETE, INSERT, SELECT on audit_personal to muster_system
grant DELETE, INSERT, SELECT on member_counts to muster_app
grant DELETE, INSERT, SELECT on user_counts to muster_app
grant DELETE, INSERT, SELECT, UPDATE on audit_heads to muster_system
grant DELETE, INSERT, SELECT, UPDATE on authenticators to muster_app
grant DELETE, INSERT, SELECT, UPDATE on authenticators to muster_system
grant DELETE, INSERT, SELECT, UPDATE on begun_sign_ins to muster_app
grant DELETE, INSERT, SELECT, UPDATE on begun_sign_ins to muster_system
grant DELETE, INSERT, SELECT, UPDATE on bulk_actions to muster_app
grant DELETE, INSERT, SELECT, UPDATE on bulk_actions to muster_system
grant DELETE, INSERT, SELECT, UPDATE on bulk_batches to muster_app
grant DELETE, INSERT, SELECT, UPDATE on bulk_batches to muster_system
grant DELETE, INSERT, SELECT, UPDATE on bulk_outcomes to muster_app
grant DELETE, INSERT, SELECT, UPDATE on bulk_outcomes to muster_system
grant DELETE, INSERT, SELECT, UPDATE on credentials to muster_app
grant DELETE, INSERT, SELECT, UPDATE on credentials to muster_system
grant DELETE, INSERT, SELECT, UPDATE on former_memberships to muster_app
grant DELETE, INSERT, SELECT, UPDATE on former_memberships to muster_system
grant DELETE, INSERT, SELECT, UPDATE on groups to muster_app
grant DELETE, INSERT, SELECT, UPDATE on groups to muster_system
grant DELETE, INSERT, SELECT, UPDATE on import_chunks to muster_app
grant DELETE, INSERT, SELECT, UPDATE on import_chunks to muster_system
grant DELETE, INSERT, SELECT, UPDATE on import_edits to muster_app
grant DELETE, INSERT, SELECT, UPDATE on import_edits to muster_system
grant DELETE, INSERT, SELECT, UPDATE on import_files to muster_app
grant DELETE, INSERT, SELECT, UPDATE on import_files to muster_system
grant DELETE, INSERT, SELECT, UPDATE on import_groups to muster_app
grant DELETE, INSERT, SELECT, UPDATE on import_groups to muster_system
grant DELETE, INSERT, SELECT, UPDATE on import_leavers to muster_app
grant DELETE, INSERT, SELECT, UPDATE on import_leavers to muster_system
grant DELETE, INSERT, SELECT, UPDATE on import_mappings to muster_app
grant DELETE, INSERT, SELECT, UPDATE on import_mappings to muster_system
grant DELETE, INSERT, SELECT, UPDATE on import_rows to muster_app
grant DELETE, INSERT, SELECT, UPDATE on import_rows to muster_system
grant DELETE, INSERT, SELECT, UPDATE on imports to muster_app
grant DELETE, INSERT, SELECT, UPDATE on imports to muster_system
grant DELETE, INSERT, SELECT, UPDATE on known_browsers to muster_app
grant DELETE, INSERT, SELECT, UPDATE on known_browsers to muster_system
grant DELETE, INSERT, SELECT, UPDATE on letter_changes to muster_app
grant DELETE, INSERT, SELECT, UPDATE on letter_changes to muster_system
grant DELETE, INSERT, SELECT, UPDATE on links to muster_app
grant DELETE, INSERT, SELECT, UPDATE on links to muster_system
grant DELETE, INSERT, SELECT, UPDATE on mail_pace to muster_app
grant DELETE, INSERT, SELECT, UPDATE on mail_pace to muster_system
grant DELETE, INSERT, SELECT, UPDATE on mail_servers to muster_app
grant DELETE, INSERT, SELECT, UPDATE on mail_servers to muster_system
grant DELETE, INSERT, SELECT, UPDATE on mail_wordings to muster_app
grant DELETE, INSERT, SELECT, UPDATE on mail_wordings to muster_system
grant DELETE, INSERT, SELECT, UPDATE on mailbox_messages to muster_app
grant DELETE, INSERT, SELECT, UPDATE on mailbox_messages to muster_system
grant DELETE, INSERT, SELECT, UPDATE on member_counts to muster_system
grant DELETE, INSERT, SELECT, UPDATE on memberships to muster_app
grant DELETE, INSERT, SELECT, UPDATE on memberships to muster_system
grant DELETE, INSERT, SELECT, UPDATE on message_attempts to muster_app
grant DELETE, INSERT, SELECT, UPDATE on message_attempts to muster_system
grant DELETE, INSERT, SELECT, UPDATE on message_editions to muster_app
grant DELETE, INSERT, SELECT, UPDATE on message_editions to muster_system
grant DELETE, INSERT, SELECT, UPDATE on messages to muster_app
grant DELETE, INSERT, SELECT, UPDATE on messages to muster_system
grant DELETE, INSERT, SELECT, UPDATE on passkeys to muster_app
grant DELETE, INSERT, SELECT, UPDATE on passkeys to muster_system
grant DELETE, INSERT, SELECT, UPDATE on past_logos to muster_app
grant DELETE, INSERT, SELECT, UPDATE on past_logos to muster_system
grant DELETE, INSERT, SELECT, UPDATE on rate_limits to muster_system
grant DELETE, INSERT, SELECT, UPDATE on recovery_codes to muster_app
grant DELETE, INSERT, SELECT, UPDATE on recovery_codes to muster_system
grant DELETE, INSERT, SELECT, UPDATE on reminder_progress to muster_app
grant DELETE, INSERT, SELECT, UPDATE on reminder_progress to muster_system
grant DELETE, INSERT, SELECT, UPDATE on sessions to muster_app
grant DELETE, INSERT, SELECT, UPDATE on sessions to muster_system
grant DELETE, INSERT, SELECT, UPDATE on setup_links to muster_system
grant DELETE, INSERT, SELECT, UPDATE on tenant_logos to muster_app
grant DELETE, INSERT, SELECT, UPDATE on tenant_logos to muster_system
grant DELETE, INSERT, SELECT, UPDATE on tenants to muster_system
grant DELETE, INSERT, SELECT, UPDATE on user_counts to muster_system
grant DELETE, INSERT, SELECT, UPDATE on user_counts_daily to muster_system
grant DELETE, INSERT, SELECT, UPDATE on user_search to muster_app
grant DELETE, INSERT, SELECT, UPDATE on user_search to muster_system
grant DELETE, INSERT, SELECT, UPDATE on user_search_due to muster_app
grant DELETE, INSERT, SELECT, UPDATE on user_search_due to muster_system
grant DELETE, INSERT, SELECT, UPDATE on users to muster_app
grant DELETE, INSERT, SELECT, UPDATE on users to muster_system
grant INSERT on audit_pending to muster_app
grant INSERT, SELECT on audit_events to muster_app
grant SELECT on audit_heads to muster_app
grant SELECT on audit_links to muster_app
grant SELECT on tenants to muster_app
grant SELECT on user_counts_daily to muster_app

grant on tenants (name): {muster_app=w/muster_owner}
grant on tenants (settings): {muster_app=w/muster_owner}
grant on tenants (settings_version): {muster_app=w/muster_owner}
grant on tenants (updated_at): {muster_app=w/muster_owner}

function app.analyze_import_rows() returns void, security definer: t, owner: muster_owner, may execute: {muster_owner=X/muster_owner,muster_app=X/muster_owner}
function app.analyze_people() returns void, security definer: t, owner: muster_owner, may execute: {muster_owner=X/muster_owner,muster_app=X/muster_owner}
function app.enqueue(job text, payload json, key text, run_at timestamp with time zone) returns void, security definer: t, owner: muster_queue, may execute: {muster_queue=X/muster_queue,muster_app=X/muster_queue,muster_system=X/muster_queue}
function app.gin_extract_query_trgm(text, internal, smallint, internal, internal, internal, internal) returns internal, security definer: f, owner: postgres, may execute: everybody
function app.gin_extract_value_trgm(text, internal) returns internal, security definer: f, owner: postgres, may execute: everybody
function app.gin_trgm_consistent(internal, smallint, text, integer, internal, internal, internal, internal) returns boolean, security definer: f, owner: postgres, may execute: everybody
function app.gin_trgm_triconsistent(internal, smallint, text, integer, internal, internal, internal) returns "char", security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_compress(internal) returns internal, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_consistent(internal, text, smallint, oid, internal) returns boolean, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_decompress(internal) returns internal, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_distance(internal, text, smallint, oid, internal) returns double precision, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_in(cstring) returns app.gtrgm, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_options(internal) returns void, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_out(app.gtrgm) returns cstring, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_penalty(internal, internal, internal) returns internal, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_picksplit(internal, internal) returns internal, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_same(app.gtrgm, app.gtrgm, internal) returns internal, security definer: f, owner: postgres, may execute: everybody
function app.gtrgm_union(internal, internal) returns app.gtrgm, security definer: f, owner: postgres, may execute: everybody
function app.natural_order(name text) returns text, security definer: f, owner: muster_owner, may execute: {muster_owner=X/muster_owner,muster_app=X/muster_owner,muster_system=X/muster_owner}
function app.protect(target regclass, rights text) returns void, security definer: f, owner: muster_owner, may execute: {muster_owner=X/muster_owner}
function app.refuse_foreign_claim() returns void, security definer: f, owner: muster_owner, may execute: {muster_owner=X/muster_owner,muster_app=X/muster_owner}
function app.search_users(patterns text[], at_most integer) returns SETOF uuid, security definer: t, owner: muster_owner, may execute: {muster_owner=X/muster_owner,muster_app=X/muster_owner}
function app.search_users_by_name(patterns text[], backwards boolean, from_key text, from_id uuid, at_most integer) returns TABLE(user_id uuid, name_key text), security definer: t, owner: muster_owner, may execute: {muster_owner=X/muster_owner,muster_app=X/muster_owner}
function app.set_limit(real) returns real, security definer: f, owner: postgres, may execute: everybody
function app.set_tenant(t uuid) returns void, security definer: f, owner: muster_owner, may execute: {muster_owner=X/muster_owner,muster_app=X/muster_owner,muster_system=X/muster_owner}
function app.show_limit() returns real, security definer: f, owner: postgres, may execute: everybody
function app.show_trgm(text) returns text[], security definer: f, owner: postgres, may execute: everybody
function app.similarity(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.similarity_dist(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.similarity_op(text, text) returns boolean, security definer: f, owner: postgres, may execute: everybody
function app.strict_word_similarity(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.strict_word_similarity_commutator_op(text, text) returns boolean, security definer: f, owner: postgres, may execute: everybody
function app.strict_word_similarity_dist_commutator_op(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.strict_word_similarity_dist_op(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.strict_word_similarity_op(text, text) returns boolean, security definer: f, owner: postgres, may execute: everybody
function app.word_similarity(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.word_similarity_commutator_op(text, text) returns boolean, security definer: f, owner: postgres, may execute: everybody
function app.word_similarity_dist_commutator_op(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.word_similarity_dist_op(text, text) returns real, security definer: f, owner: postgres, may execute: everybody
function app.word_similarity_op(text, text) returns boolean, security definer: f, owner: postgres, may execute: everybody
