package dev.firebreak.auth.oauth;

import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.UserDirectory;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifiedToken;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a user lets a client know (OpenID Connect Core, 5.3). The access token is judged as every verifier judges it, out of
 * memory; then one statement reads the user.
 */
@RestController
class UserInfoController {
    private static final String BEARER = "Bearer ";

    private final TokenVerifier verifier;
    private final UserDirectory users;

    UserInfoController(TokenVerifier verifier, UserDirectory users) {
        this.verifier = verifier;
        this.users = users;
    }

    @RequestMapping(
            path = OAuthSettings.USER_INFO,
            method = {RequestMethod.GET, RequestMethod.POST})
    ResponseEntity<Map<String, Object>> userInfo(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization) {
        VerifiedToken token = requireToken(authorization);
        if (!token.isUser()) {
            throw new ServiceException(AuthError.USER_REQUIRED, "A service's token names no user.");
        }
        if (!token.scopes().contains(Scopes.OPENID)) {
            throw new ServiceException(AuthError.SCOPE_MISSING, "The token lacks the scope openid.");
        }
        UserAccount user = users.find(UUID.fromString(token.sub()))
                .filter(found -> !found.disabled())
                .orElseThrow(() -> new ServiceException(
                        AuthError.TOKEN_REVOKED, "The user of this token does not exist any more."));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(claims(token, user));
    }

    private VerifiedToken requireToken(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new ServiceException(AuthError.TOKEN_MISSING, "The request carries no bearer token.");
        }
        return switch (verifier.verify(authorization.substring(BEARER.length()).strip())) {
            case Verdict.Accepted(VerifiedToken token) -> token;
            case Verdict.Refused refused ->
                throw new ServiceException(refused.reason(), refused.reason().title() + ".");
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().title() + ".", unknown.retryAfter());
        };
    }

    private static Map<String, Object> claims(VerifiedToken token, UserAccount user) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", user.id().toString());
        if (token.scopes().contains(Scopes.PROFILE)) {
            claims.put("name", user.name());
        }
        if (token.scopes().contains(Scopes.EMAIL)) {
            claims.put("email", user.email());
        }
        return claims;
    }
}
