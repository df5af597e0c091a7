#include "server/config/config.h"

#define DAYS_MAX 36500
#define GIB (INT64_C(1) << 30)

const struct config_entry config_entries[CONFIG_KEYS] = {
    [CONFIG_DATA] =
        {
            .name = "data",
            .type = CONFIG_TYPE_PATH,
            .fallback = "vitrine-data",
            .fr = "dossier de la base, des clés et des médias",
            .en = "folder of the database, the keys and the media",
        },
    [CONFIG_LISTEN] =
        {
            .name = "listen",
            .type = CONFIG_TYPE_LISTEN,
            .fallback = "127.0.0.1:8080",
            .fr = "où répondre aux lecteurs et à l’administration ; sans adresse devant les deux "
                  "points : toutes",
            .en = "where players and administration are answered; without an address before the "
                  "colon: all of them",
        },
    [CONFIG_METRICS_LISTEN] =
        {
            .name = "metrics_listen",
            .type = CONFIG_TYPE_LISTEN,
            .fallback = "127.0.0.1:9180",
            .may_be_empty = true,
            .fr = "où donner les mesures pour Prometheus (/metrics) ; vide : nulle part",
            .en = "where the measures for Prometheus are given (/metrics); empty: nowhere",
        },
    [CONFIG_PUBLIC_URL] =
        {
            .name = "public_url",
            .type = CONFIG_TYPE_URL,
            .fallback = "",
            .may_be_empty = true,
            .fr = "adresse du serveur vue de l’extérieur, pour les liens qu’il donne et la "
                  "connexion par OpenID",
            .en = "the server’s address as seen from outside, for the links it gives and for "
                  "logging in by OpenID",
        },
    [CONFIG_SECURE] =
        {
            .name = "secure",
            .type = CONFIG_TYPE_FLAG,
            .fallback = "no",
            .fr = "derrière un serveur TLS sur cette machine : cookies __Host-, et l’adresse du "
                  "client est celle que dit X-Real-IP",
            .en = "behind a TLS server on this machine: __Host- cookies, and the client’s address "
                  "is what X-Real-IP says",
        },
    [CONFIG_ASSETS] =
        {
            .name = "assets",
            .type = CONFIG_TYPE_PATH,
            .fallback = "",
            .may_be_empty = true,
            .fr = "dossier des polices, icônes et données ; vide : celui de l’installation",
            .en = "folder of fonts, icons and data; empty: the installation’s",
        },
    [CONFIG_RENDERER] =
        {
            .name = "renderer",
            .type = CONFIG_TYPE_PATH,
            .fallback = "",
            .may_be_empty = true,
            .fr = "programme vitrine-render, pour les aperçus ; vide : celui d’à côté",
            .en = "the program vitrine-render, for previews; empty: the one beside the server",
        },
    [CONFIG_WORKER] =
        {
            .name = "worker",
            .type = CONFIG_TYPE_PATH,
            .fallback = "",
            .may_be_empty = true,
            .fr = "programme vitrine-worker, pour les images et films déposés ; vide : celui d’à "
                  "côté",
            .en = "the program vitrine-worker, for pictures and films sent in; empty: the one "
                  "beside the server",
        },
    [CONFIG_LOG_LEVEL] =
        {
            .name = "log_level",
            .type = CONFIG_TYPE_CHOICE,
            .fallback = "info",
            .choices = "debug info warn error",
            .fr = "ce que dit le journal, du plus bavard au plus bref",
            .en = "what the log tells, from the most to the least",
        },
    [CONFIG_UPLOAD_MAX_BYTES] =
        {
            .name = "upload_max_bytes",
            .type = CONFIG_TYPE_BYTES,
            .fallback = "2G",
            .min = 1 << 20,
            .max = 16 * GIB,
            .fr = "taille d’un fichier déposé, au plus",
            .en = "size of a file sent in, at most",
        },
    [CONFIG_PLAYS_KEPT_DAYS] =
        {
            .name = "plays_kept_days",
            .type = CONFIG_TYPE_INT,
            .fallback = "1096",
            .min = 31,
            .max = DAYS_MAX,
            .fr = "combien de jours chaque diffusion est gardée ; l’emporte sur « plays --keep »",
            .en = "for how many days each play is kept; has it over \"plays --keep\"",
        },
    [CONFIG_SUMS_KEPT_DAYS] =
        {
            .name = "sums_kept_days",
            .type = CONFIG_TYPE_INT,
            .fallback = "3653",
            .min = 366,
            .max = DAYS_MAX,
            .fr = "combien de jours les sommes par heure sont gardées, pour les bilans",
            .en = "for how many days the sums by hour are kept, for reports",
        },
    [CONFIG_BACKUP_FOLDER] =
        {
            .name = "backup_folder",
            .type = CONFIG_TYPE_PATH,
            .fallback = "",
            .may_be_empty = true,
            .fr = "où « backup » écrit quand on ne lui dit rien ; les mesures en disent l’âge",
            .en = "where \"backup\" writes when it is told nothing; the measures tell its age",
        },
    [CONFIG_BACKUPS_KEPT] =
        {
            .name = "backups_kept",
            .type = CONFIG_TYPE_INT,
            .fallback = "14",
            .min = 1,
            .max = 10000,
            .fr = "combien de sauvegardes garder dans un dossier ; les plus anciennes partent",
            .en = "how many backups are kept in a folder; the oldest go",
        },
    [CONFIG_DISK_FREE_MIN_BYTES] =
        {
            .name = "disk_free_min_bytes",
            .type = CONFIG_TYPE_BYTES,
            .fallback = "512M",
            .min = 0,
            .max = 1024 * GIB,
            .fr = "place libre au-dessous de laquelle /readyz dit que le serveur n’est pas prêt",
            .en = "free space below which /readyz says that the server is not ready",
        },
    [CONFIG_FETCH_ALLOW] =
        {
            .name = "fetch_allow",
            .type = CONFIG_TYPE_ADDRESSES,
            .fallback = "",
            .may_be_empty = true,
            .file_only = true,
            .fr = "adresses ou réseaux privés d’où un agenda ou un annuaire peut être repris ; "
                  "sinon, seules les adresses publiques et les ports 80 et 443",
            .en = "private addresses or networks from which a calendar or a directory may be "
                  "taken; else public addresses and the ports 80 and 443 alone",
        },
    [CONFIG_OIDC_ISSUER] =
        {
            .name = "oidc_issuer",
            .type = CONFIG_TYPE_URL,
            .fallback = "",
            .may_be_empty = true,
            .fr = "fournisseur OpenID Connect des agents ; vide : comptes locaux seulement",
            .en = "OpenID Connect provider of the staff; empty: local accounts only",
        },
    [CONFIG_OIDC_CLIENT_ID] =
        {
            .name = "oidc_client_id",
            .type = CONFIG_TYPE_TEXT,
            .fallback = "",
            .max = 200,
            .may_be_empty = true,
            .fr = "nom de ce serveur chez le fournisseur",
            .en = "this server’s name at the provider",
        },
    [CONFIG_OIDC_CLIENT_SECRET_FILE] =
        {
            .name = "oidc_client_secret_file",
            .type = CONFIG_TYPE_PATH,
            .fallback = "",
            .may_be_empty = true,
            .fr = "fichier (0600) du secret partagé avec le fournisseur",
            .en = "file (0600) of the secret shared with the provider",
        },
    [CONFIG_OIDC_LABEL] =
        {
            .name = "oidc_label",
            .type = CONFIG_TYPE_TEXT,
            .fallback = "Compte de la Métropole",
            .max = 80,
            .fr = "ce que dit le bouton de connexion",
            .en = "what the login button says",
        },
    [CONFIG_OIDC_LINK_BY_EMAIL] =
        {
            .name = "oidc_link_by_email",
            .type = CONFIG_TYPE_FLAG,
            .fallback = "no",
            .fr = "relier au compte de même adresse qui se présente la première fois, quand le "
                  "fournisseur dit avoir vérifié son adresse ; sinon un administrateur relie",
            .en = "link who comes for the first time to the account with the same address, when "
                  "the provider says that it has verified it; else an administrator links",
        },
    [CONFIG_OIDC_LOOPBACK_HTTP] =
        {
            .name = "oidc_loopback_http",
            .type = CONFIG_TYPE_FLAG,
            .fallback = "no",
            .fr = "admettre un fournisseur en http:// sur cette machine même ; pour les essais",
            .en = "allow a provider by http:// on this very machine; for trials",
        },
    [CONFIG_MAIL_SERVER] =
        {
            .name = "mail_server",
            .type = CONFIG_TYPE_TEXT,
            .fallback = "",
            .max = 255,
            .may_be_empty = true,
            .fr = "serveur de courrier (nom:port, par exemple smtp.exemple.fr:587) ; vide : les "
                  "notifications restent dans la page",
            .en = "mail server (name:port, for example smtp.example.fr:587); empty: notices stay "
                  "in the page",
        },
    [CONFIG_MAIL_SECURITY] =
        {
            .name = "mail_security",
            .type = CONFIG_TYPE_CHOICE,
            .fallback = "starttls",
            .choices = "starttls tls none",
            .fr = "starttls (port 587), tls d’emblée (port 465), ou none : sans chiffrement, et "
                  "alors sans mot de passe",
            .en = "starttls (port 587), tls from the start (port 465), or none: not encrypted, and "
                  "then without a password",
        },
    [CONFIG_MAIL_FROM] =
        {
            .name = "mail_from",
            .type = CONFIG_TYPE_TEXT,
            .fallback = "",
            .max = 254,
            .may_be_empty = true,
            .fr = "adresse qui envoie les notifications",
            .en = "the address that sends notices",
        },
    [CONFIG_MAIL_USER] =
        {
            .name = "mail_user",
            .type = CONFIG_TYPE_TEXT,
            .fallback = "",
            .max = 200,
            .may_be_empty = true,
            .fr = "nom auprès du serveur de courrier ; vide : sans s’identifier",
            .en = "name at the mail server; empty: without logging in",
        },
    [CONFIG_MAIL_PASSWORD_FILE] =
        {
            .name = "mail_password_file",
            .type = CONFIG_TYPE_PATH,
            .fallback = "",
            .may_be_empty = true,
            .fr = "fichier (0600) du mot de passe auprès du serveur de courrier",
            .en = "file (0600) of the password at the mail server",
        },
    [CONFIG_MAIL_CA_FILE] =
        {
            .name = "mail_ca_file",
            .type = CONFIG_TYPE_PATH,
            .fallback = "",
            .may_be_empty = true,
            .fr = "autorités (PEM) du certificat du serveur de courrier ; vide : celles du système",
            .en = "authorities (PEM) of the mail server’s certificate; empty: the system’s",
        },
};
