package dev.firebreak.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * The private key by which a process proves which client it is: P-256, one file, mode 0600. Shows nothing private in its
 * text form, and its messages name the file, never its content.
 */
public final class ClientKey {
    private final ECKey key;

    private ClientKey(ECKey key) {
        this.key = key;
    }

    /** Reads the key; {@link UncheckedIOException} or {@link IllegalStateException} say what is wrong with the file. */
    public static ClientKey load(Path jwkFile) {
        String text;
        try {
            PrivateFiles.requireHidden(jwkFile);
            text = Files.readString(jwkFile);
        } catch (IOException e) {
            throw new UncheckedIOException("Client key " + jwkFile + " cannot be read", e);
        }
        ECKey key = parse(text);
        if (key == null || !key.isPrivate() || key.getKeyID() == null || !Curve.P_256.equals(key.getCurve())) {
            throw new IllegalStateException("Client key " + jwkFile + " is not a private P-256 JWK with a kid");
        }
        return new ClientKey(key);
    }

    /** A new key. */
    public static ClientKey generate(String kid) {
        try {
            return new ClientKey(new ECKeyGenerator(Curve.P_256)
                    .keyID(kid)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("This platform cannot make P-256 keys", e);
        }
    }

    /** Writes the key, atomically and with mode 0600 from the first byte on. */
    public void save(Path file) {
        try {
            PrivateFiles.write(file, key.toJSONString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Client key " + file + " cannot be written", e);
        }
    }

    /** Key id (RFC 7517, 4.5). */
    public String kid() {
        return key.getKeyID();
    }

    /** The half that others may see. */
    public JWK publicJwk() {
        return key.toPublicJWK();
    }

    /** For signing, inside this package only. */
    ECKey privateJwk() {
        return key;
    }

    @Override
    public String toString() {
        return "ClientKey[kid=" + kid() + "]";
    }

    /** The text of a parse error may hold parts of the key, so it is not kept. */
    private static @Nullable ECKey parse(String text) {
        try {
            return ECKey.parse(Members.object(text));
        } catch (ParseException e) {
            return null;
        }
    }
}
