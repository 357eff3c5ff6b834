import { ChannelType, GatewayIntentBits, InteractionType, ApplicationCommandOptionType as Kind } from 'discord-api-types/v10';
import type { Live, OpenedForm } from './interactions.ts';
import { pressables } from './reading.ts';
import type { LoopbackDiscord } from './server.ts';
import { channelJson, guildChannelJson, memberJson, userJson } from './shapes.ts';
import { type Person, type Place, permissionsIn, type Stored } from './world.ts';

type Json = Record<string, unknown>;
type Value = string | number | boolean;

/** A file as Discord tells of one that was sent with a command. */
export interface SentFile {
  filename: string;
  size: number;
  url: string;
}

/** What people do on the loopback Discord. Each act is checked as Discord's own client would. */
export interface People {
  /** `/quiz start topic:…` is `command(person, place, 'quiz start', { topic: … })`. */
  command(person: Person, place: Place, name: string, options?: Record<string, Value>, files?: Record<string, SentFile>): Live;
  /** An entry of a message's menu, on what somebody said. */
  menu(person: Person, place: Place, name: string, said: { author: Person; text: string }): Live;
  /** By label or id; entries of menus count too. */
  press(person: Person, message: Stored, button: string): Live;
  /** Sends the form that a press has opened. */
  submit(press: Live, text: string): Live;
  /** Resolves with the form that a press opens. */
  form(press: Live): Promise<OpenedForm>;
  /** Resolves with the choices that the bot offers while a person types. */
  complete(person: Person, place: Place, name: string, typing: string, typed: string, others?: Record<string, Value>): Promise<Live>;
  /** `to` is the message that it replies to, with or without a ping. */
  say(person: Person, place: Place, text: string, to?: { message: Stored; ping: boolean }): string;
  /** Begins a thread below a message; it has the message's id. */
  thread(message: Stored): Place;
  /** Takes permissions away from the bot, or gives them back. */
  deny(place: Place, permissions: bigint): void;
  /** The message that holds the final answer: no longer thinking, and nothing left to cancel. */
  answer(live: Live, within?: number): Promise<Stored>;
  acknowledged(live: Live): Promise<number>;
}

export function createPeople({ world, gateway, interactions }: LoopbackDiscord): People {
  const context = (place: Place) => (place.guild ? 0 : place.type === ChannelType.DM ? 1 : 2);

  const envelope = (live: Live): Json => {
    const { place, person } = live;
    const installed = place.guild?.hasBot ?? true;
    return {
      id: live.id,
      application_id: world.applicationId,
      type: live.type,
      token: live.token,
      version: 1,
      app_permissions: String(permissionsIn(place)),
      attachment_size_limit: 10_485_760,
      authorizing_integration_owners: installed ? { 0: place.guild?.id ?? '0' } : { 1: person.id },
      channel: channelJson(place),
      channel_id: place.id,
      context: context(place),
      entitlement_sku_ids: [],
      entitlements: [],
      locale: person.locale,
      ...(place.guild
        ? {
            guild: { features: [], id: place.guild.id, locale: 'en-US' },
            guild_id: place.guild.id,
            guild_locale: 'en-US',
            member: memberJson(person),
          }
        : { user: userJson(person) }),
    };
  };

  const send = (live: Live, data: Json, more: Json = {}): Live => {
    if (!gateway.dispatch('INTERACTION_CREATE', { ...envelope(live), data, ...more })) throw new Error('the bot is not connected');
    return live;
  };

  /** A command as it is registered, with the given options checked and put where they belong. */
  const invocation = (place: Place, name: string, given: Record<string, Value>, typing?: { option: string; text: string }): Json => {
    const [top = '', sub] = name.split(' ');
    const list = [...world.commands.global, ...(place.guild ? (world.commands.guilds.get(place.guild.id) ?? []) : [])];
    const command = list.find((one) => one.name === top);
    if (!command) throw new Error(`/${top} is not registered`);
    if (!(command.contexts as number[]).includes(context(place))) throw new Error(`/${top} is not offered here`);
    const guest = place.guild !== undefined && !place.guild.hasBot;
    if (!(command.integration_types as number[]).includes(guest ? 1 : 0))
      throw new Error(`/${top} is not offered in a server without the bot`);
    const options = (command.options as Json[] | undefined) ?? [];
    const subcommand = options.find((option) => option.type === Kind.Subcommand && option.name === sub);
    if (sub !== undefined && !subcommand) throw new Error(`/${name} is not registered`);
    const table = subcommand ? ((subcommand.options as Json[] | undefined) ?? []) : options;
    const filled = fill(`/${name}`, table, given, typing);
    return {
      id: command.id,
      name: top,
      type: 1,
      options: subcommand ? [{ name: sub, type: Kind.Subcommand, options: filled }] : filled,
      ...(command.guild_id !== undefined && { guild_id: command.guild_id }),
    };
  };

  return {
    command(person, place, name, options = {}, files = {}) {
      const data = invocation(place, name, options);
      const attachments: Json = {};
      for (const [option, file] of Object.entries(files)) {
        const id = world.id();
        const given = (data.options as Json[])[0]!;
        (given.options as Json[]).push({ name: option, type: Kind.Attachment, value: id });
        attachments[id] = { id, ...file, proxy_url: file.url, ephemeral: true };
      }
      if (Object.keys(attachments).length > 0) data.resolved = { attachments };
      return send(interactions.open(InteractionType.ApplicationCommand, person, place), data);
    },
    menu(person, place, name, { author, text }) {
      const command = world.commands.global.find((one) => one.name === name && one.type === 3);
      if (!command) throw new Error(`${name} is not in the menu`);
      const id = world.id();
      const message = {
        ...{
          id,
          channel_id: place.id,
          author: userJson(author),
          content: text,
          timestamp: new Date().toISOString(),
          edited_timestamp: null,
        },
        ...{
          tts: false,
          mention_everyone: false,
          mentions: [],
          mention_roles: [],
          attachments: [],
          embeds: [],
          pinned: false,
          type: 0,
          flags: 0,
          components: [],
        },
      };
      const data = { id: command.id, name, type: 3, target_id: id, resolved: { messages: { [id]: message } } };
      return send(interactions.open(InteractionType.ApplicationCommand, person, place), data);
    },
    press(person, message, button) {
      const found = pressables(message).find(({ id, label }) => id === button || label === button);
      if (!found) throw new Error(`no button ${button} among ${pressables(message).map(({ label }) => label)}`);
      if (found.disabled) throw new Error(`the button ${button} is disabled`);
      if (message.onlyFor !== undefined && message.onlyFor !== person.id) throw new Error('that message is not visible to this person');
      const live = interactions.open(InteractionType.MessageComponent, person, message.place, message);
      const data = found.menu
        ? { component_type: 3, custom_id: found.menu, values: [found.id] }
        : { component_type: 2, custom_id: found.id };
      return send(live, { id: 2, ...data }, { message: message.json });
    },
    form: (press) => world.until(() => press.form, `the form of ${press.id}`),
    submit(press, text) {
      const { form, person, place, pressed } = press;
      if (!form || !pressed) throw new Error('no form is open');
      const [{ component }] = form.components as [OpenedForm['components'][number]];
      if (text === '' || text.length > (component.max_length ?? 4000)) throw new Error('Discord does not send that');
      const live = interactions.open(InteractionType.ModalSubmit, person, place, pressed);
      live.trigger = press;
      const field = { type: 18, id: 1, component: { type: 4, id: 2, custom_id: component.custom_id, value: text } };
      return send(live, { custom_id: form.custom_id, components: [field] }, { message: pressed.json });
    },
    async complete(person, place, name, typing, typed, others = {}) {
      const data = invocation(place, name, others, { option: typing, text: typed });
      const live = send(interactions.open(InteractionType.ApplicationCommandAutocomplete, person, place), data);
      await world.until(() => live.choices, `choices for ${typing}`);
      return live;
    },
    thread(message) {
      const { guild, id: parent } = message.place;
      const place = world.addPlace(guild, 'thread', { id: message.json.id, type: ChannelType.PublicThread, parent });
      gateway.dispatch('THREAD_CREATE', { ...channelJson(place), owner_id: '1', message_count: 0, member_count: 1 });
      return place;
    },
    say(person, place, text, to) {
      const id = world.id();
      const replied = to && { ...to.message.json, author: to.message.json.author };
      const toUs = to?.ping === true && replied?.author.id === world.bot.id;
      const mentions =
        text.includes(`<@${world.bot.id}>`) || toUs
          ? [{ ...userJson({ ...world.bot, name: world.bot.username, locale: '' }), bot: true }]
          : [];
      // Discord shows us what is said to us, and everything only with the privileged intent.
      const seesText = mentions.length > 0 || !place.guild || (gateway.intents() & GatewayIntentBits.MessageContent) !== 0;
      gateway.dispatch('MESSAGE_CREATE', {
        id,
        channel_id: place.id,
        ...(place.guild && { guild_id: place.guild.id, member: { ...memberJson(person), user: undefined } }),
        author: userJson(person),
        content: seesText ? text : '',
        timestamp: new Date().toISOString(),
        edited_timestamp: null,
        tts: false,
        mention_everyone: false,
        mentions,
        mention_roles: [],
        attachments: [],
        embeds: [],
        components: [],
        pinned: false,
        type: to ? 19 : 0,
        ...(to && {
          message_reference: { type: 0, message_id: to.message.json.id, channel_id: place.id, guild_id: place.guild?.id },
          referenced_message: replied,
        }),
        flags: 0,
        channel_type: place.type,
      });
      return id;
    },
    deny(place, permissions) {
      place.denied = permissions;
      gateway.dispatch('CHANNEL_UPDATE', guildChannelJson(place));
    },
    answer(live, within) {
      const settled = () => {
        const last = live.outputs.findLast(({ deleted }) => !deleted);
        return !live.thinking && last && !pressables(last).some(({ id }) => id.endsWith('~demo~cancel')) ? last : undefined;
      };
      return world.until(settled, `the answer to ${live.id}`, within);
    },
    acknowledged: (live) => world.until(() => live.acknowledgedAt, `the acknowledgement of ${live.id}`).then((at) => at - live.createdAt),
  };
}

/** Options as Discord's client sends them: typed, in range, from the list where there is one, and none missing. */
function fill(where: string, table: readonly Json[], given: Record<string, Value>, typing?: { option: string; text: string }): Json[] {
  const values: Json[] = Object.entries(given).map(([name, value]) => {
    const option = table.find((one) => one.name === name);
    if (!option) throw new Error(`${where} has no option ${name}`);
    const wanted = option.type === Kind.Boolean ? 'boolean' : option.type === Kind.String ? 'string' : 'number';
    const choices = option.choices as { value: Value }[] | undefined;
    if (typeof value !== wanted) throw new Error(`${where} ${name} is a ${wanted}`);
    if (choices && !choices.some((choice) => choice.value === value)) throw new Error(`${where} ${name} cannot be ${String(value)}`);
    if (Number(value) < Number(option.min_value ?? -Infinity) || Number(value) > Number(option.max_value ?? Infinity))
      throw new Error(`${where} ${name} is out of range`);
    return { name, type: option.type, value };
  });
  if (typing) {
    const option = table.find((one) => one.name === typing.option);
    if (!option?.autocomplete) throw new Error(`${where} ${typing.option} has no autocomplete`);
    return [...values, { name: typing.option, type: option.type, value: typing.text, focused: true }];
  }
  const missing = table.find((option) => option.required === true && !(String(option.name) in given));
  if (missing) throw new Error(`${where} needs ${String(missing.name)}`);
  return values;
}
