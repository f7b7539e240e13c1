package dev.firebreak.trust;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The trust feed's answer as JSON, both ways, once: the authorization server writes it, verifiers read it. Reading is
 * strict in what it knows and deaf to members it does not know, so that the server may learn new ones first. A revocation
 * of an unknown kind is an error: to skip it would be to trust what was revoked.
 */
public final class TrustAnswerJson {
    /** Never to be in a feed (RFC 7518, 6.2.2, 6.3.2 and 6.4). */
    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private TrustAnswerJson() {}

    /** Writes an answer. */
    public static String write(TrustAnswer answer) {
        return JSONObjectUtils.toJSONString(toMembers(answer));
    }

    /** Reads an answer; {@link ParseException} says which member is wrong, without its value. */
    public static TrustAnswer parse(String json) throws ParseException {
        Map<String, Object> members = Members.object(json);
        List<PublishedKey> keys = members.get("keys") == null ? null : list(members, "keys", TrustAnswerJson::key);
        return new TrustAnswer(
                epoch(members),
                time(members, "as_of"),
                number(members, "keys_version"),
                keys,
                number(members, "cursor"),
                require(members, "full", Boolean.class),
                list(members, "revocations", TrustAnswerJson::revocation));
    }

    static Map<String, Object> toMembers(TrustAnswer answer) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("epoch", answer.epoch().toString());
        members.put("as_of", answer.asOf().toString());
        members.put("keys_version", answer.keysVersion());
        if (answer.keys() != null) {
            members.put(
                    "keys",
                    answer.keys().stream().map(TrustAnswerJson::toMembers).toList());
        }
        members.put("cursor", answer.cursor());
        members.put("full", answer.full());
        members.put(
                "revocations",
                answer.revocations().stream().map(TrustAnswerJson::toMembers).toList());
        return members;
    }

    private static Map<String, Object> toMembers(PublishedKey key) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kid", key.kid());
        members.put("state", key.state());
        members.put("jwk", key.jwk());
        return members;
    }

    private static Map<String, Object> toMembers(Revocation revocation) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kind", revocation.kind().wireName());
        members.put("value", revocation.value());
        if (revocation.issuedBefore() != null) {
            members.put("issued_before", revocation.issuedBefore().toString());
        }
        members.put("until", revocation.until().toString());
        return members;
    }

    private interface Reader<T> {
        T read(Map<String, Object> members) throws ParseException;
    }

    private static PublishedKey key(Map<String, Object> members) throws ParseException {
        Map<String, String> jwk = new LinkedHashMap<>();
        Map<?, ?> raw = require(members, "jwk", Map.class);
        for (Map.Entry<?, ?> member : raw.entrySet()) {
            if (!(member.getKey() instanceof String name) || !(member.getValue() instanceof String value)) {
                throw wrong("jwk");
            }
            if (PRIVATE_MEMBERS.contains(name)) {
                throw new ParseException("A private member in a published key", 0);
            }
            jwk.put(name, value);
        }
        return new PublishedKey(text(members, "kid"), text(members, "state"), jwk);
    }

    private static Revocation revocation(Map<String, Object> members) throws ParseException {
        Instant issuedBefore = members.get("issued_before") == null ? null : time(members, "issued_before");
        return new Revocation(kind(members), text(members, "value"), issuedBefore, time(members, "until"));
    }

    private static Revocation.Kind kind(Map<String, Object> members) throws ParseException {
        try {
            return Revocation.Kind.ofWireName(text(members, "kind"));
        } catch (IllegalArgumentException e) {
            throw wrong("kind");
        }
    }

    private static UUID epoch(Map<String, Object> members) throws ParseException {
        try {
            return UUID.fromString(text(members, "epoch"));
        } catch (IllegalArgumentException e) {
            throw wrong("epoch");
        }
    }

    private static Instant time(Map<String, Object> members, String name) throws ParseException {
        try {
            return Instant.parse(text(members, name));
        } catch (DateTimeException e) {
            throw wrong(name);
        }
    }

    private static long number(Map<String, Object> members, String name) throws ParseException {
        Number number = require(members, name, Number.class);
        if (!(number instanceof Long) || number.longValue() < 0) {
            throw wrong(name);
        }
        return number.longValue();
    }

    private static String text(Map<String, Object> members, String name) throws ParseException {
        String text = require(members, name, String.class);
        if (text.isEmpty()) {
            throw wrong(name);
        }
        return text;
    }

    private static <T> List<T> list(Map<String, Object> members, String name, Reader<T> reader) throws ParseException {
        List<T> list = new ArrayList<>();
        for (Object element : require(members, name, List.class)) {
            if (!(element instanceof Map<?, ?> object)) {
                throw wrong(name);
            }
            Map<String, Object> inner = new LinkedHashMap<>();
            object.forEach((key, value) -> inner.put(String.valueOf(key), value));
            list.add(reader.read(inner));
        }
        return list;
    }

    private static <T> T require(Map<String, Object> members, String name, Class<T> type) throws ParseException {
        Object value = members.get(name);
        if (!type.isInstance(value)) {
            throw wrong(name);
        }
        return type.cast(value);
    }

    private static ParseException wrong(String member) {
        return new ParseException("Missing or wrong member: " + member, 0);
    }
}
