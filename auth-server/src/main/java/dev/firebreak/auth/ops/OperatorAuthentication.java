package dev.firebreak.auth.ops;

import dev.firebreak.trust.VerifiedToken;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** An operator whose token was verified; the authorities are its scopes. */
final class OperatorAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient VerifiedToken token;

    OperatorAuthentication(VerifiedToken token) {
        super(token.scopes().stream()
                .map(scope -> new SimpleGrantedAuthority(authority(scope)))
                .toList());
        this.token = token;
        setAuthenticated(true);
    }

    static String authority(String scope) {
        return "SCOPE_" + scope;
    }

    VerifiedToken token() {
        return token;
    }

    Caller caller() {
        return new Caller(Caller.Kind.PERSON, token.sub(), token.sub());
    }

    @Override
    public Object getPrincipal() {
        return token.sub();
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return token.sub();
    }
}
