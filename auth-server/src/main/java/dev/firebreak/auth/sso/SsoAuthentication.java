package dev.firebreak.auth.sso;

import dev.firebreak.auth.user.UserAccount;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** The signed-in browser in Spring Security's terms; its name is the user's id, which becomes {@code sub}. */
public final class SsoAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient SsoSession session;
    private final transient UserAccount user;

    public SsoAuthentication(SsoSession session, UserAccount user) {
        super(List.of(new SimpleGrantedAuthority("ROLE_" + user.role().name())));
        this.session = session;
        this.user = user;
        setAuthenticated(true);
    }

    /** The sign-in this authentication stands on. */
    public SsoSession session() {
        return session;
    }

    /** Who signed in. */
    public UserAccount user() {
        return user;
    }

    @Override
    public Object getPrincipal() {
        return user;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return user.id().toString();
    }
}
