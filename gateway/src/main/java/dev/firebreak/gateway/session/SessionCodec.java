package dev.firebreak.gateway.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A session as bytes: length-prefixed fields, because each byte of a cookie travels with each request. */
final class SessionCodec {
    /** Raised when the fields change; an older gateway then keeps the cookie and answers 503, as for an unknown key. */
    private static final int FORMAT = 1;

    private SessionCodec() {}

    static byte[] encode(Session session) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(session.accessToken());
            out.writeUTF(session.refreshToken());
            out.writeUTF(session.sid());
            out.writeUTF(session.name());
            out.writeUTF(session.email());
            out.writeUTF(String.join(" ", new TreeSet<>(session.roles())));
            out.writeLong(session.endsAt().getEpochSecond());
        } catch (IOException e) {
            throw new UncheckedIOException("A session does not fit its format", e);
        }
        return bytes.toByteArray();
    }

    /** Empty if a newer gateway wrote it. The bytes were authenticated: anything else that is wrong is a bug. */
    static Optional<Session> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != FORMAT) {
                return Optional.empty();
            }
            return Optional.of(new Session(
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    roles(in.readUTF()),
                    Instant.ofEpochSecond(in.readLong())));
        } catch (IOException e) {
            throw new IllegalStateException("An authenticated session is not readable", e);
        }
    }

    private static Set<String> roles(String text) {
        return text.isEmpty() ? Set.of() : Set.of(text.split(" ", -1));
    }
}
