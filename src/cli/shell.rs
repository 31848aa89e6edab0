//! A command as it can be typed again: quoted for the shell of the platform.

/// Whose rules for quotation marks are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shell {
    /// The shells of Unix and macOS.
    Posix,
    /// The command prompt and `PowerShell`.
    Windows,
}

impl Shell {
    /// The platform's own.
    pub(crate) fn here() -> Self {
        if cfg!(windows) { Self::Windows } else { Self::Posix }
    }

    /// One argument, in quotation marks where it needs them.
    fn quoted(self, argument: &str) -> String {
        let is_plain = |character: char| {
            character.is_ascii_alphanumeric() || "_-./:=,@+".contains(character) || (self == Self::Windows && character == '\\')
        };
        if !argument.is_empty() && argument.chars().all(is_plain) {
            return argument.to_owned();
        }
        match self {
            Self::Posix => format!("'{}'", argument.replace('\'', r"'\''")),
            // No file name there holds a quotation mark; a backslash before the closing one would make it part of the name.
            Self::Windows => {
                let ending = if argument.ends_with('\\') { "\\" } else { "" };
                format!("\"{}{ending}\"", argument.replace('"', "\\\""))
            }
        }
    }

    /// The whole command.
    pub(crate) fn command(self, arguments: &[String]) -> String {
        let quoted: Vec<String> = arguments.iter().map(|argument| self.quoted(argument)).collect();
        format!("bandwise {}", quoted.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_where_they_need_it() {
        for (argument, posix, windows) in [
            ("class-7a.csv", "class-7a.csv", "class-7a.csv"),
            ("class 7a.csv", "'class 7a.csv'", "\"class 7a.csv\""),
            ("O'Connor.csv", r"'O'\''Connor.csv'", "\"O'Connor.csv\""),
            (r"C:\Forms\7a.csv", r"'C:\Forms\7a.csv'", r"C:\Forms\7a.csv"),
            (r"C:\My forms\", r"'C:\My forms\'", r#""C:\My forms\\""#),
            ("$HOME & more.csv", "'$HOME & more.csv'", "\"$HOME & more.csv\""),
            ("(1).csv", "'(1).csv'", "\"(1).csv\""),
            ("", "''", "\"\""),
        ] {
            assert_eq!(Shell::Posix.quoted(argument), posix);
            assert_eq!(Shell::Windows.quoted(argument), windows);
        }
    }
}
