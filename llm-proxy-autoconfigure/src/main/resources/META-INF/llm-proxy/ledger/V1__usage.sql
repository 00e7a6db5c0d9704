-- One row for each charge: an attempt that a provider is to be paid for. Works in H2 and PostgreSQL.
create table llm_proxy_usage (
	id varchar(64) not null primary key,
	request_id varchar(200) not null,
	attempt integer not null,
	kind varchar(32) not null,
	charged_at timestamp(3) with time zone not null,
	-- Hours since 1970, UTC: what reports group by.
	charged_hour integer not null,
	caller varchar(200) not null,
	team varchar(200) not null,
	operation varchar(64) not null,
	route varchar(200) not null,
	provider varchar(200) not null,
	vendor varchar(200) not null,
	target varchar(200) not null,
	model varchar(200) not null,
	input_tokens bigint not null,
	output_tokens bigint not null,
	cache_read_tokens bigint not null,
	cache_write_tokens bigint not null,
	reasoning_tokens bigint not null,
	audio_input_tokens bigint not null,
	audio_output_tokens bigint not null,
	-- Null if the price is not known.
	cost_nano_usd bigint,
	estimated boolean not null,
	first_charge boolean not null
);

create index llm_proxy_usage_hour on llm_proxy_usage (charged_hour, charged_at);

create index llm_proxy_usage_caller on llm_proxy_usage (caller, charged_hour);
