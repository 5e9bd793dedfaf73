package dev.artel.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.artel.boot.Config;
import dev.artel.db.Db;
import dev.artel.db.DbSettings;
import dev.artel.db.EmbeddedDatabase;
import dev.artel.db.Migrations;
import dev.artel.http.Caller;
import dev.artel.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What the parts between the header and the handler cost, each beside the least that it cannot do
/// without: the signature's own arithmetic, one query, one attribute.
public record TokenCost(List<Row> rows, List<Long> validation, List<Long> context) {
  private static final Duration POOL_WAIT = Duration.ofSeconds(30);
  private static final int DATABASE_ROUNDS_MAX = 5_000;

  public record Row(String what, List<Long> nanos, String beside, List<Long> baseline) {}

  /// @param home an empty folder, for a database and a key
  public static TokenCost measure(Path home, int rounds) throws Exception {
    var rows = new ArrayList<Row>();
    IdentitySettings settings = Config.of(Map.of("ARTEL_HOME", home.toString())).identity();
    DeveloperTokens tokens = DeveloperTokens.of(settings);
    String token = tokens.mint(new UserId(UUID.randomUUID()), Set.of("user"));
    byte[] secret = DeveloperTokens.secrets(settings).getFirst();
    var shared = new TokenCheck(SharedSecrets.of(List.of(secret)), settings, Clock.systemUTC());
    List<Long> validation = times(rounds, _ -> shared.check(token));
    rows.add(
        new Row(
            "a token checked, HS256", validation, "HmacSHA256 alone", hmac(token, secret, rounds)));
    rows.add(rs256(settings, rounds));
    try (EmbeddedDatabase database = EmbeddedDatabase.start(home)) {
      DbSettings addresses =
          new DbSettings(
              database.address("artel_app"),
              database.address("artel_owner"),
              database.address("artel_dispatch"),
              10,
              10,
              POOL_WAIT);
      Migrations.apply(addresses.owner());
      try (Db db = Db.open(addresses)) {
        admitted(rows, db, settings, tokens, shared, rounds);
      }
    }
    Row context = context(shared.check(token), rounds);
    rows.add(context);
    return new TokenCost(List.copyOf(rows), validation, context.nanos());
  }

  private static void admitted(
      List<Row> rows,
      Db db,
      IdentitySettings settings,
      DeveloperTokens tokens,
      TokenCheck check,
      int rounds) {
    var revocations = new Revocations(db, List::of);
    revocations.start();
    try {
      var admission =
          new Admission(check, revocations, db, settings.clockSkew(), Clock.systemUTC());
      int few = Math.min(rounds, DATABASE_ROUNDS_MAX);
      List<String> fresh = new ArrayList<>();
      for (int i = 0; i < few * 2; i++) {
        fresh.add(tokens.mint(new UserId(UUID.randomUUID()), Set.of()));
      }
      Iterator<String> next = fresh.iterator();
      List<Long> first = times(few, _ -> admission.admit(next.next()));
      List<Long> write =
          times(
              few,
              _ -> {
                var user = new UserId(UUID.randomUUID());
                db.does(
                    user,
                    tx -> {
                      UserStore.lock(tx, user);
                      UserStore.provision(tx, user);
                    });
              });
      rows.add(
          new Row(
              "a new user's first token admitted",
              first,
              "the transaction that makes the user",
              write));
      String known = fresh.getFirst();
      admission.admit(known);
      rows.add(
          new Row(
              "a known token admitted",
              times(rounds, _ -> admission.admit(known)),
              "SHA-256 of the token alone",
              times(rounds, _ -> Hash.of(known))));
    } finally {
      revocations.close();
    }
  }

  private static List<Long> hmac(String token, byte[] secret, int rounds) throws Exception {
    int dot = token.lastIndexOf('.');
    byte[] said = token.substring(0, dot).getBytes(StandardCharsets.UTF_8);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return times(rounds, _ -> mac.doFinal(said));
  }

  private static Row rs256(IdentitySettings local, int rounds) throws Exception {
    RSAKey key = new RSAKeyGenerator(2048).keyID("bench").generate();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    byte[] document = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, document.length);
          exchange.getResponseBody().write(document);
          exchange.close();
        });
    server.start();
    try {
      var signed =
          new JWSObject(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("bench").build(),
              new Payload(
                  Map.<String, Object>of(
                      "sub", UUID.randomUUID().toString(),
                      "exp", System.currentTimeMillis() / 1000 + 3600,
                      "jti", UUID.randomUUID().toString())));
      signed.sign(new RSASSASigner(key));
      String token = signed.serialize();
      URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      var check = new TokenCheck(new Jwks(address, Clock.systemUTC()), local, Clock.systemUTC());
      List<Long> ours = times(rounds / 2, _ -> check.check(token));
      return new Row(
          "a token checked, RS256",
          ours,
          "SHA256withRSA alone",
          rsa(token, key.toPublicKey(), rounds / 2));
    } finally {
      server.stop(0);
    }
  }

  private static List<Long> rsa(String token, PublicKey key, int rounds) throws Exception {
    int dot = token.lastIndexOf('.');
    byte[] said = token.substring(0, dot).getBytes(StandardCharsets.UTF_8);
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    Signature verifier = Signature.getInstance("SHA256withRSA");
    return times(
        rounds,
        _ -> {
          try {
            verifier.initVerify(key);
            verifier.update(said);
            if (!verifier.verify(signature)) {
              throw new IllegalStateException("a signature of the bench's own is wrong");
            }
          } catch (java.security.GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
          }
        });
  }

  /// Carrying the caller to the handler, and what a handler makes of it.
  private static Row context(Caller caller, int rounds) {
    HttpServletRequest request = request();
    List<Long> ours =
        times(
            rounds,
            _ -> {
              caller.carriedBy(request);
              Caller found = Caller.of(request);
              if (found == null || found.userPrefix().isEmpty() || found.dbFilter().isEmpty()) {
                throw new IllegalStateException("the request lost its caller");
              }
            });
    List<Long> attribute =
        times(
            rounds,
            _ -> {
              request.setAttribute("other", caller);
              if (request.getAttribute("other") == null) {
                throw new IllegalStateException("the request lost its attribute");
              }
            });
    return new Row("the context handed to a handler", ours, "one request attribute", attribute);
  }

  private static HttpServletRequest request() {
    Map<Object, Object> attributes = new HashMap<>();
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            TokenCost.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "setAttribute" -> {
                    attributes.put(arguments[0], arguments[1]);
                    yield null;
                  }
                  case "getAttribute" -> attributes.get(arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /// The second half of as many rounds again: the first is the compiler's.
  private static List<Long> times(int rounds, IntConsumer act) {
    for (int i = 0; i < rounds; i++) {
      act.accept(i);
    }
    var nanos = new ArrayList<Long>(rounds);
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      act.accept(i);
      nanos.add(System.nanoTime() - start);
    }
    return nanos;
  }
}
