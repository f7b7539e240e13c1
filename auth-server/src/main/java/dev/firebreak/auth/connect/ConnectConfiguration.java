package dev.firebreak.auth.connect;

import dev.firebreak.auth.sealing.FileKeyWrapper;
import dev.firebreak.auth.sealing.Seal;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.trust.TokenVerifier;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/** The attempt's cookie, and the two chains: one knows browsers by their sign-in, the other people by their tokens. */
@Configuration(proxyBeanMethods = false)
class ConnectConfiguration {
    private static final String KEY_INFO = "firebreak/connect-cookie/v1";
    private static final int KEY_BYTES = 32;

    /** Name and origin are part of the seal: a cookie of another deployment, or another cookie of ours, does not open. */
    @Bean
    ConnectCookie connectCookie(FileKeyWrapper keys, ServiceIdentity identity, InstantSource clock) {
        String origin = identity.publicOrigin().toString();
        Seal seal = new Seal(keys.derived(KEY_INFO, KEY_BYTES), ConnectCookie.NAME + " " + origin);
        return new ConnectCookie(seal, "https".equals(identity.publicOrigin().getScheme()), clock);
    }

    @Bean
    @Order(2)
    SecurityFilterChain connectChain(HttpSecurity http, SecurityContextRepository signedIn) {
        return plain(http, "/connect/**")
                .securityContext(context -> context.securityContextRepository(signedIn))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain connectionsChain(HttpSecurity http, TokenVerifier verifier) {
        return plain(http, ConnectionsController.PATH, ConnectionsController.PATH + "/**")
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .addFilterBefore(new OwnerFilter(verifier), AuthorizationFilter.class)
                .build();
    }

    private static HttpSecurity plain(HttpSecurity http, String... paths) {
        return http.securityMatcher(paths)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                // No form comes here. The way back from Google is held by its own state; the API looks at no cookie,
                // and
                // the gateway keeps other sites out before it makes a token of one.
                .csrf(AbstractHttpConfigurer::disable)
                // The handlers judge, because each has an answer of its own for whoever is not signed in.
                .authorizeHttpRequests(all -> all.anyRequest().permitAll());
    }
}
